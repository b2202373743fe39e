import { lookup as systemLookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { BlockList, isIPv4, type LookupFunction } from 'node:net';

/** IPv4 ranges that are nobody's public server: IANA's special-purpose registry, multicast and the reserved rest. */
const special4 = [
	'0.0.0.0/8',
	'10.0.0.0/8',
	'100.64.0.0/10',
	'127.0.0.0/8',
	'169.254.0.0/16',
	'172.16.0.0/12',
	'192.0.0.0/24',
	'192.0.2.0/24',
	'192.88.99.0/24',
	'192.168.0.0/16',
	'198.18.0.0/15',
	'198.51.100.0/24',
	'203.0.113.0/24',
	'224.0.0.0/4',
	'240.0.0.0/4',
];
/** Within 2000::/3: protocol assignments with Teredo, documentation, 6to4, documentation. Everything outside is refused as a whole. */
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
/** Forms that carry an IPv4 address in their last 32 bits: mapped, and NAT64. */
const carriers = ['::ffff:', '64:ff9b::'];

const refused4 = listOf(special4, 'ipv4');
const refused6 = listOf([...special6, ...carriers.flatMap((carrier) => special4.map((range) => carried(carrier, range)))], 'ipv6');
const global6 = listOf(['2000::/3', ...carriers.map((carrier) => `${carrier}0:0/96`)], 'ipv6');

/** Whether an address can belong to a public server; loopback, private, link-local and every other special range cannot. */
export function isPublicAddress(address: string): boolean {
	if (isIPv4(address)) return !refused4.check(address, 'ipv4');
	const plain = address.replace(/%.*$/, '');
	return global6.check(plain, 'ipv6') && !refused6.check(plain, 'ipv6');
}

function carried(carrier: string, range: string): string {
	const [address, bits] = range.split('/');
	return `${carrier}${address}/${96 + Number(bits)}`;
}

function listOf(ranges: readonly string[], type: 'ipv4' | 'ipv6'): BlockList {
	const list = new BlockList();
	for (const range of ranges) {
		const [address = '', bits] = range.split('/');
		list.addSubnet(address, Number(bits), type);
	}
	return list;
}

export class PrivateAddress extends Error {
	constructor(readonly address: string) {
		super(`${address} is a private address`);
		this.name = 'PrivateAddress';
	}
}

/** How a host name becomes addresses; the system's own way but in tests. */
export type Resolver = (
	host: string,
	options: LookupAllOptions,
	done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** A name look-up that hands out public addresses only: what is checked is what is connected to, so a second answer of the name server changes nothing. */
export function guardedLookup(resolve: Resolver = systemLookup): LookupFunction {
	return (host, options, done) => {
		resolve(host, { ...options, all: true }, (error, found) => {
			if (error) return done(error, '');
			const [first, ...rest] = found.filter(({ address }) => isPublicAddress(address));
			if (!first) return done(new PrivateAddress(found[0]?.address ?? host), '');
			if (options.all) return done(null, [first, ...rest]);
			return done(null, first.address, first.family);
		});
	};
}
