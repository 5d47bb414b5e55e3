/** Why API Gateway itself answers: a gateway response, which an API may have changed. */
import type { GatewayResponseType } from '@aws-sdk/client-api-gateway';

export interface FailureOptions {
  readonly type: GatewayResponseType;
  readonly message: string | null;
  /** For the header `x-amzn-ErrorType`. */
  readonly errorType: string;
  /** Where the type has none. */
  readonly status?: number;
  /** Where AWS's own text is not the usual one. */
  readonly body?: string;
  /** For the access log. */
  readonly why?: string;
}

export class GatewayFailure extends Error {
  readonly type: GatewayResponseType;
  readonly text: string | null;
  readonly errorType: string;
  readonly status: number | undefined;
  readonly body: string;
  readonly why: string | undefined;

  constructor({ type, message, errorType, status, body, why }: FailureOptions) {
    super(message ?? type);
    this.name = errorType;
    this.type = type;
    this.text = message;
    this.errorType = errorType;
    this.status = status;
    this.body = body ?? JSON.stringify({ message });
    this.why = why;
  }
}

export function missingToken(): GatewayFailure {
  const errorType = 'MissingAuthenticationTokenException';
  return new GatewayFailure({
    type: 'MISSING_AUTHENTICATION_TOKEN',
    message: 'Missing Authentication Token',
    errorType,
  });
}

export function invalidKey(): GatewayFailure {
  return new GatewayFailure({ type: 'INVALID_API_KEY', message: 'Forbidden', errorType: 'ForbiddenException' });
}

export function throttled(): GatewayFailure {
  return new GatewayFailure({ type: 'THROTTLED', message: 'Too Many Requests', errorType: 'TooManyRequestsException' });
}

export function quotaExceeded(): GatewayFailure {
  return new GatewayFailure({ type: 'QUOTA_EXCEEDED', message: 'Limit Exceeded', errorType: 'LimitExceededException' });
}

export function unauthorized(why: string): GatewayFailure {
  const errorType = 'UnauthorizedException';
  return new GatewayFailure({ type: 'UNAUTHORIZED', message: 'Unauthorized', errorType, why });
}

export function accessDenied(message: string): GatewayFailure {
  const errorType = 'AccessDeniedException';
  return new GatewayFailure({ type: 'ACCESS_DENIED', message, errorType, body: JSON.stringify({ Message: message }) });
}

export function authorizerBroken(why: string): GatewayFailure {
  const errorType = 'AuthorizerConfigurationException';
  return new GatewayFailure({ type: 'AUTHORIZER_CONFIGURATION_ERROR', message: null, errorType, why });
}

export function badParameters(names: readonly string[]): GatewayFailure {
  const message = `Missing required request parameters: [${names.join(', ')}]`;
  return new GatewayFailure({ type: 'BAD_REQUEST_PARAMETERS', message, errorType: 'BadRequestException' });
}

export function badBody(): GatewayFailure {
  const errorType = 'BadRequestException';
  return new GatewayFailure({ type: 'BAD_REQUEST_BODY', message: 'Invalid request body', errorType });
}

export function unsupportedType(): GatewayFailure {
  const errorType = 'UnsupportedMediaTypeException';
  return new GatewayFailure({ type: 'UNSUPPORTED_MEDIA_TYPE', message: 'Unsupported Media Type', errorType });
}

export function requestTooLarge(): GatewayFailure {
  const message = 'HTTP content length exceeded 10485760 bytes.';
  return new GatewayFailure({ type: 'REQUEST_TOO_LARGE', message, errorType: 'RequestTooLargeException' });
}

/** AWS writes these with a space after the colon. */
const spaced = (message: string) => `{"message": "${message}"}`;
const internalError = 'Internal server error';

/** What stands behind the method cannot be called as it is configured. */
export function configurationError(why: string): GatewayFailure {
  return new GatewayFailure({
    type: 'API_CONFIGURATION_ERROR',
    message: internalError,
    errorType: 'InternalServerErrorException',
    body: spaced(internalError),
    why,
  });
}

/** What stands behind the method has answered what means nothing. */
export function malformedAnswer(why: string): GatewayFailure {
  return new GatewayFailure({
    type: 'DEFAULT_5XX',
    status: 502,
    message: internalError,
    errorType: 'InternalServerErrorException',
    body: spaced(internalError),
    why,
  });
}

export function integrationFailed(why: string): GatewayFailure {
  const message = 'Network error communicating with endpoint';
  const errorType = 'InternalServerErrorException';
  return new GatewayFailure({ type: 'INTEGRATION_FAILURE', message, errorType, body: spaced(message), why });
}

export function integrationLate(): GatewayFailure {
  const message = 'Endpoint request timed out';
  const errorType = 'InternalServerErrorException';
  const why = 'The integration did not answer in time';
  return new GatewayFailure({ type: 'INTEGRATION_TIMEOUT', message, errorType, body: spaced(message), why });
}
