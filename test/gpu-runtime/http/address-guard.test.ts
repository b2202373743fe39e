import { isPublicAddress, type Resolver } from '../../../gpu-runtime/http/address-guard';
import { privateTarget } from '../../../gpu-runtime/http/request';

const refused = [
	'0.0.0.0',
	'10.1.2.3',
	'100.64.0.1',
	'127.0.0.1',
	'127.255.255.254',
	'169.254.169.254',
	'172.16.0.1',
	'172.31.255.255',
	'192.168.1.1',
	'198.18.0.1',
	'224.0.0.1',
	'255.255.255.255',
	'::',
	'::1',
	'::127.0.0.1',
	'::ffff:127.0.0.1',
	'::ffff:7f00:1',
	'::ffff:10.0.0.1',
	'64:ff9b::10.0.0.1',
	'64:ff9b::a9fe:a9fe',
	'64:ff9b:1::1',
	'fc00::1',
	'fd12:3456::1',
	'fe80::1',
	'fe80::1%eth0',
	'fec0::1',
	'ff02::1',
	'2001::1',
	'2001:db8::1',
	'2002:7f00:1::1',
];

it.each(refused)('%s is not a public address', (address) => {
	expect(isPublicAddress(address)).toBe(false);
});

const allowed = ['1.1.1.1', '8.8.8.8', '172.15.0.1', '172.32.0.1', '192.0.1.1', '100.63.255.255', '223.255.255.254', '2606:4700::1111', '2a00:1450::1', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8'];

it.each(allowed)('%s is a public address', (address) => {
	expect(isPublicAddress(address)).toBe(true);
});

it.each([
	['http://box.test', ['93.184.216.34'], undefined],
	['http://box.test', ['192.168.1.5'], '192.168.1.5'],
	['http://box.test', ['192.168.1.5', '93.184.216.34'], undefined],
	['http://box.test', [], undefined],
	['http://93.184.216.34', [], undefined],
	['http://[fd00::1]:5678', [], 'fd00::1'],
])('what leads into a private network is known by name or number: %s at %j', async (url, addresses, expected) => {
	const resolve: Resolver = (host, _, done) => (addresses.length > 0 ? done(null, addresses.map((address) => ({ address, family: 4 }))) : done(new Error(`no ${host}`), []));
	expect(await privateTarget(new URL(url), resolve)).toBe(expected);
});
