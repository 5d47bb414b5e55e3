/** One constructor for each AWS error that Lambda's operations throw; texts are AWS's own where AWS has one. */
import { AwsError } from '../../aws/errors.ts';

const userError =
  (code: string, status: number) =>
  (message: string): AwsError =>
    new AwsError({ code, message, status });

export const invalidParameterValue = userError('InvalidParameterValueException', 400);
export const invalidRequestContent = userError('InvalidRequestContentException', 400);
export const validation = userError('ValidationException', 400);
export const policyLengthExceeded = userError('PolicyLengthExceededException', 400);
export const resourceInUse = userError('ResourceInUseException', 400);
export const codeStorageExceeded = userError('CodeStorageExceededException', 400);
export const aliasLimitExceeded = userError('AliasLimitExceededException', 400);
export const codeVerificationFailed = userError('CodeVerificationFailedException', 400);
export const accessDenied = userError('AccessDeniedException', 403);
export const resourceNotFound = userError('ResourceNotFoundException', 404);
export const codeSigningConfigNotFound = userError('CodeSigningConfigNotFoundException', 404);
export const provisionedConcurrencyNotFound = userError('ProvisionedConcurrencyConfigNotFoundException', 404);
export const resourceConflict = userError('ResourceConflictException', 409);
const snapStartNotReady = userError('SnapStartNotReadyException', 409);
export const preconditionFailed = userError('PreconditionFailedException', 412);
/** Unmodelled, and yet the name on the wire. */
export const requestEntityTooLarge = userError('RequestEntityTooLargeException', 413);
export const service = userError('ServiceException', 500);

/** `reason` is one of ThrottleReason in the model. */
export function tooManyRequests(reason: string): AwsError {
  return new AwsError({
    code: 'TooManyRequestsException',
    message: 'Rate Exceeded.',
    status: 429,
    members: { Reason: reason },
  });
}

export function recursiveInvocation(): AwsError {
  return new AwsError({
    code: 'RecursiveInvocationException',
    message:
      "Lambda has detected your function being invoked in a recursive loop with other Amazon Web Services resources and stopped your function's invocation.",
    status: 400,
  });
}

export function functionNotFound(arn: string): AwsError {
  return resourceNotFound(`Function not found: ${arn}`);
}

export function revisionMismatch(): AwsError {
  return preconditionFailed(
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
  );
}

export function notNow(state: string): AwsError {
  return resourceConflict(
    `The operation cannot be performed at this time. The function is currently in the following state: ${state}`,
  );
}

/** In the words of AWS's model. */
export function snapshotNotReady(): AwsError {
  return snapStartNotReady(
    'Lambda is initializing your function. You can invoke the function when the function state becomes Active.',
  );
}

export function updateInProgress(arn: string): AwsError {
  return resourceConflict(
    `The operation cannot be performed at this time. An update is in progress for resource: ${arn}`,
  );
}

export function functionsOnly(): AwsError {
  return invalidParameterValue(
    'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
  );
}

/** The text of a violated model constraint; a few of these come out as InvalidParameterValueException. */
export function violation(value: string, path: string, constraint: string): string {
  return `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: ${constraint}`;
}
