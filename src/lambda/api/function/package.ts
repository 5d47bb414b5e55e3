/** The code of CreateFunction and UpdateFunctionCode: one source, its size, its place in the account's storage. */
import type { FunctionCode } from '@aws-sdk/client-lambda';
import type { RequestContext } from '../../../aws/operation.ts';
import type { CodeSource } from '../../model/code-source.ts';
import { PackageError, type ReceivedPackage } from '../../model/code-store.ts';
import { accessDenied, codeStorageExceeded, invalidParameterValue, requestEntityTooLarge } from '../../model/errors.ts';
import type { CodeReference } from '../../model/function.ts';
import { createRequestBytesMax, unzippedBytesMax, zippedBytesMax } from '../../model/limits.ts';
import type { LambdaParts } from '../parts.ts';

/** Out of a request, in memory; or out of a bucket, where it may be larger, on the disk. */
export type GivenPackage = ReceivedPackage | (AsyncDisposable & { readonly zip: Buffer; readonly size: number });

/** The ZIP among the sources, or in the bucket that they name; throws AWS's error when it cannot be used. */
export async function givenZip(
  { packages, code }: Pick<LambdaParts, 'packages' | 'code'>,
  source: FunctionCode,
  context: RequestContext,
): Promise<GivenPackage> {
  const { ZipFile, ImageUri } = source;
  if (ImageUri !== undefined) {
    throw invalidParameterValue("Please don't provide ImageUri when updating a function with packageType Zip.");
  }
  const fromBucket = (source.S3Bucket ?? source.S3Key ?? source.S3ObjectVersion) !== undefined;
  if (ZipFile === undefined) {
    if (fromBucket) return code.receive(await bucketZip(packages, source, context));
    throw invalidParameterValue('Please provide a source for function code.');
  }
  if (fromBucket) {
    throw invalidParameterValue('Please do not provide other FunctionCode parameters when providing a ZipFile.');
  }
  refuseLarge(ZipFile.byteLength, context);
  const zip = Buffer.from(ZipFile.buffer, ZipFile.byteOffset, ZipFile.byteLength);
  return { zip, size: zip.length, async [Symbol.asyncDispose]() {} };
}

/** From there a package may have as much as it unpacks to: the limit of 50 MB is that of requests. */
async function bucketZip(
  packages: CodeSource,
  source: FunctionCode,
  context: RequestContext,
): Promise<AsyncIterable<Buffer>> {
  const { S3Bucket: bucket, S3Key: key, S3ObjectVersion: version } = source;
  if (bucket === undefined || key === undefined) {
    throw invalidParameterValue('S3Bucket and S3Key must both be given to provide function code from Amazon S3.');
  }
  const { principal, region } = context;
  const found = await packages.read({ bucket, key, version }, { principal, region }, unzippedBytesMax);
  if (found === 'too-large') {
    throw invalidParameterValue(`Unzipped size must be smaller than ${unzippedBytesMax} bytes`);
  }
  if ('bytes' in found) {
    if (found.size === 0) throw invalidParameterValue('Uploaded file must be a non-empty zip');
    return found.bytes;
  }
  const told = `S3 Error Code: ${found.code}. S3 Error Message: ${found.message}`;
  if (found.code !== 'AccessDenied') throw invalidParameterValue(`Error occurred while GetObject. ${told}`);
  throw accessDenied(
    'Your access has been denied by S3, please make sure your request credentials have permission to GetObject for ' +
      `${bucket}/${key}. ${told}`,
  );
}

export interface PackagePlace {
  /** The package whose bytes this one takes the place of. */
  readonly replacing?: CodeReference;
  /** How often it counts: two when a version is published along. */
  readonly copies?: number;
}

/** Checks and keeps the package. */
export async function keptPackage(
  { code, functions, settings }: Pick<LambdaParts, 'code' | 'functions' | 'settings'>,
  given: GivenPackage,
  scope: { readonly accountId: string; readonly region: string },
  { replacing, copies = 1 }: PackagePlace = {},
): Promise<CodeReference> {
  const after = functions.usage(scope).codeBytes + copies * given.size - (replacing?.size ?? 0);
  if (after > settings.codeStorageBytesMax) throw codeStorageExceeded('Code storage limit exceeded.');
  try {
    return await code.put('zip' in given ? given.zip : given);
  } catch (error) {
    if (error instanceof PackageError) throw invalidParameterValue(error.message);
    throw error;
  }
}

function refuseLarge(zipBytes: number, { headers, operation }: RequestContext): void {
  if (Number(headers['content-length'] ?? 0) > createRequestBytesMax) {
    throw requestEntityTooLarge(
      `Request must be smaller than ${createRequestBytesMax} bytes for the ${operation} operation`,
    );
  }
  if (zipBytes > zippedBytesMax) {
    throw requestEntityTooLarge(`Zipped size must be smaller than ${zippedBytesMax} bytes`);
  }
  if (zipBytes === 0) throw invalidParameterValue('Uploaded file must be a non-empty zip');
}
