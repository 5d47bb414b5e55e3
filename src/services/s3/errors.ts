/** S3's errors in its own words; what else it tells stands beside code and message, as S3's XML has it. */
import { AwsError } from '../../aws/errors.ts';

type Members = Readonly<Record<string, string | number | undefined>>;

export function s3Error(code: string, message: string, status: number, members: Members = {}): AwsError {
  return new AwsError({ code, message, status, members });
}

export function noSuchBucket(BucketName: string): AwsError {
  return s3Error('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName });
}

export function noSuchKey(Key: string): AwsError {
  return s3Error('NoSuchKey', 'The specified key does not exist.', 404, { Key });
}

export function noSuchVersion(Key: string, VersionId: string): AwsError {
  return s3Error('NoSuchVersion', 'The specified version does not exist.', 404, { Key, VersionId });
}

export function noSuchUpload(UploadId: string): AwsError {
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  return s3Error('NoSuchUpload', message, 404, { UploadId });
}

export function accessDenied(message = 'Access Denied'): AwsError {
  return s3Error('AccessDenied', message, 403);
}

export function bucketAlreadyExists(BucketName: string): AwsError {
  const message =
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please ' +
    'select a different name and try again.';
  return s3Error('BucketAlreadyExists', message, 409, { BucketName });
}

export function bucketAlreadyOwnedByYou(BucketName: string): AwsError {
  const message = 'Your previous request to create the named bucket succeeded and you already own it.';
  return s3Error('BucketAlreadyOwnedByYou', message, 409, { BucketName });
}

export function bucketNotEmpty(BucketName: string, versioned: boolean): AwsError {
  const more = versioned ? '. You must delete all versions in the bucket.' : '';
  return s3Error('BucketNotEmpty', `The bucket you tried to delete is not empty${more}`, 409, { BucketName });
}

export function invalidBucketName(BucketName: string): AwsError {
  return s3Error('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName });
}

export function invalidArgument(message: string, ArgumentName?: string, ArgumentValue?: string): AwsError {
  return s3Error('InvalidArgument', message, 400, { ArgumentName, ArgumentValue });
}

export function invalidRequest(message: string): AwsError {
  return s3Error('InvalidRequest', message, 400);
}

/** A header carries Latin-1 and no control characters; what would go into one is refused while its sender listens. */
export function checkHeaderText(name: string, value: string): void {
  if (/^[\t\x20-\x7e\xa0-\xff]*$/.test(value)) return;
  throw invalidArgument('Header value cannot be represented using ISO-8859-1.', name, value);
}

export function malformedXml(): AwsError {
  const message = 'The XML you provided was not well-formed or did not validate against our published schema';
  return s3Error('MalformedXML', message, 400);
}

export function notImplementedHeader(Header: string): AwsError {
  const message = 'A header you provided implies functionality that is not implemented';
  return s3Error('NotImplemented', message, 501, { Header });
}

export function preconditionFailed(Condition: string): AwsError {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return s3Error('PreconditionFailed', message, 412, { Condition });
}

export function entityTooLarge(ProposedSize: number, MaxSizeAllowed: number): AwsError {
  const message = 'Your proposed upload exceeds the maximum allowed size';
  return s3Error('EntityTooLarge', message, 400, { ProposedSize, MaxSizeAllowed });
}

/** Throws when it is no MD5 in base64 at all. */
export function checkMd5Form(md5: string): void {
  if (Buffer.from(md5, 'base64').length === 16) return;
  throw s3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400, { 'Content-MD5': md5 });
}

export function badMd5(ExpectedDigest: string, digest: Buffer): AwsError {
  const CalculatedDigest = digest.toString('base64');
  const message = 'The Content-MD5 you specified did not match what we received.';
  return s3Error('BadDigest', message, 400, { ExpectedDigest, CalculatedDigest });
}

export function badChecksum(algorithm: string): AwsError {
  return s3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`, 400);
}
