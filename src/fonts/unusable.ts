import { OperationFailed } from '../errors';

export const unusable = (reason: string) => new OperationFailed(`Expected a usable TrueType or OpenType font, but ${reason}`, { code: 'unusable_font' });
