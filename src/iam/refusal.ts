/** Why a request is not let in, in the words of the service's family: newer JSON services, query services, S3. */
import { AwsError } from '../aws/errors.ts';
import type { Protocol } from '../aws/model.ts';

export type Refusal =
  | 'missing'
  | 'incomplete'
  | 'asymmetric'
  | 'unknown-key'
  | 'expired-token'
  | 'mismatch'
  | 'too-old'
  | 'too-early'
  | 'link-expired'
  | 'wrong-service'
  | 'body-mismatch'
  | 'no-body-hash'
  | 'malformed-chunks';

type Words = readonly [code: string, message: string, status?: number];

const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and ' +
  'signing method. Consult the service documentation for details.';
const unknownKey = 'The security token included in the request is invalid.';
const incomplete =
  'Authorization header or query parameters lack a Credential, SignedHeaders, Signature or date of the expected form';
const asymmetric = 'Signature version 4A (AWS4-ECDSA-P256-SHA256) is not implemented';
const wrongService = 'Credential should be scoped to correct service';

const json: Record<Refusal, Words> = {
  missing: ['MissingAuthenticationTokenException', 'Missing Authentication Token'],
  incomplete: ['IncompleteSignatureException', incomplete, 400],
  asymmetric: ['NotImplementedException', asymmetric, 501],
  'unknown-key': ['UnrecognizedClientException', unknownKey],
  'expired-token': ['ExpiredTokenException', 'The security token included in the request is expired'],
  mismatch: ['InvalidSignatureException', mismatch],
  'too-old': [
    'InvalidSignatureException',
    'Signature expired: the request is more than 15 minutes older than the server',
  ],
  'too-early': [
    'InvalidSignatureException',
    'Signature not yet current: the request is more than 15 minutes ahead of the server',
  ],
  'link-expired': ['InvalidSignatureException', 'Signature expired: the presigned URL is no longer valid'],
  'wrong-service': ['InvalidSignatureException', `${wrongService}.`],
  'body-mismatch': ['InvalidSignatureException', mismatch],
  'no-body-hash': ['InvalidSignatureException', mismatch],
  'malformed-chunks': ['InvalidSignatureException', 'The chunks of the body are not of the expected form', 400],
};

const query: Record<Refusal, Words> = {
  ...json,
  missing: ['MissingAuthenticationToken', 'Request is missing Authentication Token'],
  incomplete: ['IncompleteSignature', incomplete, 400],
  asymmetric: ['NotImplemented', asymmetric, 501],
  'unknown-key': ['InvalidClientTokenId', unknownKey],
  'expired-token': ['ExpiredToken', json['expired-token'][1]],
  mismatch: ['SignatureDoesNotMatch', mismatch],
  'too-old': ['SignatureDoesNotMatch', json['too-old'][1]],
  'too-early': ['SignatureDoesNotMatch', json['too-early'][1]],
  'link-expired': ['SignatureDoesNotMatch', json['link-expired'][1]],
  'wrong-service': ['SignatureDoesNotMatch', `${wrongService}.`],
  'body-mismatch': ['SignatureDoesNotMatch', mismatch],
};

const s3: Record<Refusal, Words> = {
  ...query,
  missing: ['AccessDenied', 'Access Denied'],
  incomplete: ['AuthorizationHeaderMalformed', incomplete, 400],
  'unknown-key': ['InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.'],
  'expired-token': ['ExpiredToken', 'The provided token has expired.', 400],
  'too-old': ['RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.'],
  'too-early': ['RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.'],
  'link-expired': ['AccessDenied', 'Request has expired'],
  'wrong-service': ['AuthorizationHeaderMalformed', wrongService, 400],
  'body-mismatch': [
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    400,
  ],
  'no-body-hash': ['InvalidRequest', 'Missing required header for this request: x-amz-content-sha256', 400],
  'malformed-chunks': ['IncompleteBody', 'The request body terminated unexpectedly', 400],
};

export function refused(why: Refusal, protocol: Protocol): AwsError {
  const words = protocol === 'restXml' ? s3 : protocol === 'awsQuery' ? query : json;
  const [code, message, status = 403] = words[why];
  return new AwsError({ code, message, status });
}
