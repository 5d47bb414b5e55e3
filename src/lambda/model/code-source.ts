import type { Principal } from '../../aws/operation.ts';

/** A package that lies in a bucket. */
export interface PackageObject {
  readonly bucket: string;
  readonly key: string;
  readonly version?: string | undefined;
}

/** Who wants it, for a function of which region. */
export interface PackageReader {
  readonly principal: Principal;
  readonly region: string;
}

/** S3's own code and message, which Lambda repeats; `too-large` for what no function could be. */
export type PackageProblem = { readonly code: string; readonly message: string } | 'too-large';

/** Not read yet; whoever leaves it before its end says so by its iterator's `return`. */
export interface PackageBytes {
  readonly size: number;
  readonly bytes: AsyncIterable<Buffer>;
}

/** Where packages come from that are not in their request. */
export interface CodeSource {
  read(object: PackageObject, reader: PackageReader, bytesMax: number): Promise<PackageBytes | PackageProblem>;
}
