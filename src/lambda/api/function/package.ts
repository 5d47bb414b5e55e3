/** The code of CreateFunction and UpdateFunctionCode: one source, its size, its place in the account's storage. */
import type { FunctionCode } from '@aws-sdk/client-lambda';
import type { RequestContext } from '../../../aws/operation.ts';
import { PackageError } from '../../model/code-store.ts';
import { codeStorageExceeded, invalidParameterValue, requestEntityTooLarge } from '../../model/errors.ts';
import type { CodeReference } from '../../model/function.ts';
import { createRequestBytesMax, zippedBytesMax } from '../../model/limits.ts';
import type { LambdaParts } from '../parts.ts';

/** The ZIP among the sources; throws AWS's error when it is not the only one or is too large. */
export function givenZip(source: FunctionCode, context: RequestContext): Buffer {
  const { ZipFile, ImageUri } = source;
  if (ImageUri !== undefined) {
    throw invalidParameterValue("Please don't provide ImageUri when updating a function with packageType Zip.");
  }
  const fromBucket = (source.S3Bucket ?? source.S3Key ?? source.S3ObjectVersion) !== undefined;
  if (ZipFile === undefined) {
    if (fromBucket) throw bucketsLater();
    throw invalidParameterValue('Please provide a source for function code.');
  }
  if (fromBucket) {
    throw invalidParameterValue('Please do not provide other FunctionCode parameters when providing a ZipFile.');
  }
  refuseLarge(ZipFile.byteLength, context);
  return Buffer.from(ZipFile.buffer, ZipFile.byteOffset, ZipFile.byteLength);
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
  zip: Buffer,
  scope: { readonly accountId: string; readonly region: string },
  { replacing, copies = 1 }: PackagePlace = {},
): Promise<CodeReference> {
  const after = functions.usage(scope).codeBytes + copies * zip.byteLength - (replacing?.size ?? 0);
  if (after > settings.codeStorageBytesMax) throw codeStorageExceeded('Code storage limit exceeded.');
  try {
    return await code.put(zip);
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

function bucketsLater(): Error {
  return invalidParameterValue(
    'Cannot fetch the package from S3: this server does not have S3 yet. Send the package as ZipFile',
  );
}
