/** Every error of SNS, in AWS's words. */
import { AwsError } from '../../aws/errors.ts';

export function invalidParameter(what: string): AwsError {
  return failure('InvalidParameterException', `Invalid parameter: ${what}`);
}

export function noSuchTopic(): AwsError {
  return failure('NotFoundException', 'Topic does not exist', 404);
}

export function noSuchSubscription(): AwsError {
  return failure('NotFoundException', 'Subscription does not exist', 404);
}

export function noSuchResource(): AwsError {
  return failure('ResourceNotFoundException', 'Resource does not exist', 404);
}

export function tooManyTags(): AwsError {
  return failure('TagLimitExceededException', 'Could not complete request: tag quota of per resource exceeded');
}

export function emptyBatch(): AwsError {
  return failure('EmptyBatchRequestException', "The batch request doesn't contain any entries.");
}

export function tooManyEntries(): AwsError {
  return failure('TooManyEntriesInBatchRequestException', 'The batch request contains more entries than permissible.');
}

export function idsNotDistinct(): AwsError {
  return failure('BatchEntryIdsNotDistinctException', 'Two or more batch entries in the request have the same Id.');
}

export function invalidEntryId(): AwsError {
  const message = "The Id of a batch entry in a batch request doesn't abide by the specification.";
  return failure('InvalidBatchEntryIdException', message);
}

export function batchTooLong(): AwsError {
  return failure(
    'BatchRequestTooLongException',
    'The length of all the batch messages put together is more than the limit.',
  );
}

/** A kind of subscriber that this server has no way to. */
export function noWayTo(protocol: string): AwsError {
  const message = `Cannot subscribe by ${protocol}: this server delivers to functions, queues and HTTP endpoints`;
  return failure('NotImplemented', message, 501);
}

function failure(code: string, message: string, status = 400): AwsError {
  return new AwsError({ code, message, status });
}
