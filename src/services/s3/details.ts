/** What travels with an object besides its bytes: system headers, the user's metadata, tags, storage class. */
import type { AccessControlPolicy } from '@aws-sdk/client-s3';
import type { Bucket, ObjectDetails } from '../../store/objects/records.ts';
import { invalidRequest, notImplementedHeader, s3Error } from './errors.ts';
import { metadataBytesMax } from './limits.ts';
import { ownerOf } from './parts.ts';
import { tagsOfHeader } from './tags.ts';

/** Kept as they were sent and sent back so. */
const systemHeaders = ['CacheControl', 'ContentDisposition', 'ContentLanguage', 'WebsiteRedirectLocation'] as const;

export const defaultType = 'binary/octet-stream';

const storageClasses = new Set([
  ...['STANDARD', 'REDUCED_REDUNDANCY', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING'],
  ...['GLACIER', 'DEEP_ARCHIVE', 'GLACIER_IR'],
]);

/** Of PutObject, CreateMultipartUpload and CopyObject. */
export interface DescribingInput {
  readonly ContentType?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
  readonly Expires?: Date | undefined;
  readonly Metadata?: Readonly<Record<string, string>> | undefined;
  readonly Tagging?: string | undefined;
  readonly StorageClass?: string | undefined;
  readonly ServerSideEncryption?: string | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly ACL?: string | undefined;
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockLegalHoldStatus?: string | undefined;
}

export function detailsOf(input: DescribingInput): ObjectDetails {
  refuseUnsupported(input);
  const { Metadata = {}, StorageClass = 'STANDARD' } = input;
  checkMetadata(Metadata);
  if (!storageClasses.has(StorageClass)) {
    throw s3Error('InvalidStorageClass', 'The storage class you specified is not valid', 400);
  }
  return {
    headers: headersOf(input),
    metadata: Metadata,
    tags: tagsOfHeader(input.Tagging),
    storageClass: StorageClass,
  };
}

function headersOf(input: DescribingInput): Record<string, string> {
  const headers: Record<string, string> = { ContentType: input.ContentType ?? defaultType };
  for (const name of systemHeaders) if (input[name] !== undefined) headers[name] = input[name];
  // How the request was framed is nothing of the object.
  const encoding = (input.ContentEncoding ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== 'aws-chunked');
  if (encoding.length > 0) headers.ContentEncoding = encoding.join(',');
  if (input.Expires !== undefined) headers.Expires = input.Expires.toUTCString();
  if (input.ServerSideEncryption !== undefined) headers.ServerSideEncryption = input.ServerSideEncryption;
  return headers;
}

/** What would change who may read an object, or when it may go, is not accepted and then not done. */
function refuseUnsupported(input: DescribingInput): void {
  if (input.SSECustomerAlgorithm !== undefined) {
    throw notImplementedHeader('x-amz-server-side-encryption-customer-algorithm');
  }
  if (input.ServerSideEncryption !== undefined && input.ServerSideEncryption !== 'AES256') {
    throw notImplementedHeader('x-amz-server-side-encryption');
  }
  if (input.ObjectLockMode !== undefined || input.ObjectLockLegalHoldStatus !== undefined) {
    throw invalidRequest('Bucket is missing Object Lock Configuration');
  }
  refuseAcl(input.ACL);
}

/** Buckets of today have no lists of grants: their owner owns all that is in them. */
export function refuseAcl(acl: string | undefined): void {
  if (acl === undefined || acl === 'private' || acl === 'bucket-owner-full-control') return;
  throw s3Error('AccessControlListNotSupported', 'The bucket does not allow ACLs', 400);
}

/** A list that says what is so already is accepted, as by AWS. */
export function refuseGrants(bucket: Bucket, policy: AccessControlPolicy | undefined): void {
  const owner = ownerOf(bucket).ID;
  const others = (policy?.Grants ?? []).filter(({ Grantee }) => Grantee?.ID !== owner);
  if (others.length > 0) throw s3Error('AccessControlListNotSupported', 'The bucket does not allow ACLs', 400);
}

function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  const sizes = Object.entries(metadata).map(([name, value]) => Buffer.byteLength(name) + Buffer.byteLength(value));
  const Size = sizes.reduce((sum, size) => sum + size, 0);
  if (Size <= metadataBytesMax) return;
  const message = 'Your metadata headers exceed the maximum allowed metadata size';
  throw s3Error('MetadataTooLarge', message, 400, { Size, MaxSizeAllowed: metadataBytesMax });
}

/** The members of GetObject's and HeadObject's answers. */
export function shownDetails({ headers, metadata, storageClass, tags }: ObjectDetails) {
  const { Expires, ServerSideEncryption, ...rest } = headers;
  return {
    ...rest,
    // As it was sent, if it is a date; the SDKs read both.
    Expires: Expires === undefined ? undefined : new Date(Expires),
    ServerSideEncryption: ServerSideEncryption === undefined ? undefined : ('AES256' as const),
    Metadata: metadata,
    StorageClass: storageClass === 'STANDARD' ? undefined : shownClass(storageClass),
    TagCount: tags.length > 0 ? tags.length : undefined,
  };
}

/** Only classes that were checked are kept. */
export function shownClass(storageClass: string): 'STANDARD' {
  return storageClass as 'STANDARD';
}
