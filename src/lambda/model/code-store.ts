import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { CodeReference } from './function.ts';

/**
 * Packages by their SHA-256: the ZIP as it was uploaded, and its content unpacked once for all environments.
 * A package is checked when it is put (unzipped size, entry count, names, links, compression bombs); what is wrong is
 * thrown as `PackageError` and becomes InvalidParameterValueException in the API.
 */
export interface CodeStore {
  /** A ZIP on its way to `put`, on the disk and not in memory; gone when it is disposed of. */
  receive(bytes: AsyncIterable<Buffer>): Promise<ReceivedPackage>;
  /** Checks and keeps a ZIP; durable when it resolves. The same bytes are kept once. */
  put(zip: Buffer | ReceivedPackage): Promise<CodeReference>;
  /** The ZIP's bytes, for GetFunction's `Code.Location`. */
  read(sha256: string): Readable;
  /** The absolute folder of the unpacked content, unpacking it first where that has not been done. */
  unpacked(sha256: string): Promise<string>;
  /** The absolute folder of several unpacked packages, each laid over those before it. Is named by `laidTogether`. */
  together(parts: readonly string[]): Promise<string>;
  /** Until it is disposed of, the package is not swept: somebody runs it. Disposing twice does no harm. */
  hold(sha256: string): Disposable;
  /**
   * Removes packages that are neither in `keep` nor held. Those put or asked for a few minutes ago are spared, since a
   * record that refers to them may be about to be written. Resolves how many are left that `keep` does not have.
   */
  sweep(keep: ReadonlySet<string>): Promise<number>;
}

export interface ReceivedPackage extends AsyncDisposable {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
}

/**
 * The name of what several packages are, laid over each other in this order: a SHA-256 like each of theirs, so that it is
 * held and swept as they are.
 */
export function laidTogether(parts: readonly string[]): string {
  return createHash('sha256')
    .update(`together\n${parts.join('\n')}`)
    .digest('hex');
}

/** The package cannot be used; `message` is AWS's own text where AWS has one. */
export class PackageError extends Error {
  override readonly name = 'PackageError';
}
