import { PackageError } from '../../../lambda/model/code-store.ts';
import { unzippedBytesMax } from '../../../lambda/model/limits.ts';

/** AWS's text for whatever is wrong with an archive; `why` is for the tests and the curious. */
export function broken(why: string): PackageError {
  const message = 'Could not unzip uploaded file. Please check your file, then try to upload again.';
  return new PackageError(message, { cause: new Error(why) });
}

export function tooLarge(): PackageError {
  return new PackageError(`Unzipped size must be smaller than ${unzippedBytesMax} bytes`);
}
