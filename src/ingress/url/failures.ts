/** What a client of a function's URL is told when there is no answer of the function's own. */
export interface UrlFailure {
  readonly status: number;
  readonly code: string;
  readonly body: string;
}

export function forbidden(): UrlFailure {
  const Message =
    'Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html';
  return { status: 403, code: 'AccessDeniedException', body: JSON.stringify({ Message }) };
}

/** Whatever was wrong inside of the function is not the client's to know. */
export function failed(): UrlFailure {
  return { status: 502, code: 'InternalFailure', body: 'Internal Server Error' };
}

export function tooLarge(): UrlFailure {
  const Message = 'Request must be smaller than 6291456 bytes for the InvokeFunctionUrl operation';
  return { status: 413, code: 'RequestEntityTooLargeException', body: JSON.stringify({ Message }) };
}

export function unavailable(Message: string): UrlFailure {
  return { status: 503, code: 'ServiceUnavailableException', body: JSON.stringify({ Message }) };
}
