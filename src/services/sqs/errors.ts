/** Every error of SQS, in AWS's words. */
import { AwsError } from '../../aws/errors.ts';

export function noSuchQueue(): AwsError {
  return failure('QueueDoesNotExist', 'The specified queue does not exist.');
}

export function queueNameExists(attribute: string): AwsError {
  const message = `A queue already exists with the same name and a different value for attribute ${attribute}`;
  return failure('QueueNameExists', message);
}

export function invalidAddress(url: string): AwsError {
  return failure('InvalidAddress', `The address ${url} is not valid for this endpoint.`, 404);
}

export function accessDenied(url: string): AwsError {
  return failure('AccessDenied', `Access to the resource ${url} is denied.`, 403);
}

export function missing(parameter: string): AwsError {
  return failure('MissingParameter', `The request must contain the parameter ${parameter}.`);
}

export function invalidValue(message: string): AwsError {
  return failure('InvalidParameterValue', message);
}

export function invalid(parameter: string, value: string | number, reason: string): AwsError {
  return invalidValue(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

export function unknownAttribute(name: string): AwsError {
  return failure('InvalidAttributeName', `Unknown Attribute ${name}.`);
}

export function invalidAttribute(name: string, reason?: string): AwsError {
  const why = reason === undefined ? '' : ` Reason: ${reason}`;
  return failure('InvalidAttributeValue', `Invalid value for the parameter ${name}.${why}`);
}

export function invalidContents(message: string): AwsError {
  return failure('InvalidMessageContents', message);
}

export function invalidReceipt(handle: string): AwsError {
  return failure('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`, 404);
}

export function expiredReceipt(handle: string): AwsError {
  return invalid('ReceiptHandle', handle, 'The receipt handle has expired.');
}

export function notInFlight(handle: string): AwsError {
  const reason = 'Message does not exist or is not available for visibility timeout change.';
  return invalid('ReceiptHandle', handle, reason);
}

export function overLimit(): AwsError {
  const message = 'Too many messages in flight: delete messages, or wait until they are visible again.';
  return failure('OverLimit', message, 403);
}

export function purgeInProgress(name: string): AwsError {
  const message = `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`;
  return failure('PurgeQueueInProgress', message, 403);
}

export function resourceNotFound(message: string): AwsError {
  return failure('ResourceNotFoundException', message, 404);
}

export function unsupportedOperation(message: string): AwsError {
  return failure('UnsupportedOperation', message);
}

export function emptyBatch(entry: string): AwsError {
  return failure('EmptyBatchRequest', `There should be at least one ${entry} in the request.`);
}

export function tooManyEntries(count: number): AwsError {
  const message = `Maximum number of entries per request are 10. You have sent ${count}.`;
  return failure('TooManyEntriesInBatchRequest', message);
}

export function entryIdsNotDistinct(id: string): AwsError {
  return failure('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
}

export function invalidEntryId(): AwsError {
  const message =
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.';
  return failure('InvalidBatchEntryId', message);
}

export function batchTooLong(bytesMax: number, bytes: number): AwsError {
  const message = `Batch requests cannot be longer than ${bytesMax} bytes. You have sent ${bytes} bytes.`;
  return failure('BatchRequestTooLong', message);
}

function failure(code: string, message: string, status = 400): AwsError {
  return new AwsError({ code, message, status });
}
