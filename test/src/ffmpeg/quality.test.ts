import { hardwareVideo, softwareVideo, withSoftwareVideo } from '../../../src/ffmpeg/quality';
import { qualities } from '../../../src/runtime';

it.each(qualities)('puts the CPU in the place of the GPU at quality %s, and leaves the rest', (quality) => {
	const options = ['-map', '[v]', ...hardwareVideo(quality).options, '-c:a', 'copy'];
	expect(withSoftwareVideo(options)).toEqual(['-map', '[v]', ...softwareVideo(quality).options, '-c:a', 'copy']);
});

it('has nothing to replace where the CPU encodes', () => {
	expect(withSoftwareVideo(['-map', '[v]', ...softwareVideo('high').options])).toBeUndefined();
});
