/** Every error of IAM, in AWS's words. */
import { AwsError } from '../../aws/errors.ts';

export function noSuchEntity(message: string): AwsError {
  return failure('NoSuchEntity', message, 404);
}

export function alreadyExists(what: string): AwsError {
  return failure('EntityAlreadyExists', `${what} already exists.`, 409);
}

export function deleteConflict(why: string): AwsError {
  return failure('DeleteConflict', why, 409);
}

export function limitExceeded(message: string): AwsError {
  return failure('LimitExceeded', message, 409);
}

export function malformedDocument(reason: string): AwsError {
  return failure('MalformedPolicyDocument', reason);
}

export function invalidInput(message: string): AwsError {
  return failure('InvalidInput', message);
}

/** A constraint that the model does not state. */
export function validationError(message: string): AwsError {
  return failure('ValidationError', message);
}

export function notAttachable(arn: string): AwsError {
  return failure('PolicyNotAttachable', `Policy ${arn} does not exist or is not attachable.`);
}

export function accessDenied(message: string): AwsError {
  return failure('AccessDenied', message, 403);
}

function failure(code: string, message: string, status = 400): AwsError {
  return new AwsError({ code, message, status });
}
