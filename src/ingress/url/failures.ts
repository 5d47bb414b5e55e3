/** What a client of a function's URL is told when there is no answer of the function's own. */
import type { HttpAnswer } from '../http/answer.ts';

export function failure(status: number, code: string, body: string): HttpAnswer {
  const type = body.startsWith('{') ? 'application/json' : 'text/plain';
  const headers: HttpAnswer['headers'] = [
    ['content-type', type],
    ['x-amzn-errortype', code],
  ];
  return { status, headers, body: Buffer.from(body) };
}

function message(status: number, code: string, Message: string): HttpAnswer {
  return failure(status, code, JSON.stringify({ Message }));
}

export function forbidden(): HttpAnswer {
  return message(
    403,
    'AccessDeniedException',
    'Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
  );
}

/** Whatever was wrong inside of the function is not the client's to know. */
export function failed(): HttpAnswer {
  return failure(502, 'InternalFailure', 'Internal Server Error');
}

export function tooLarge(): HttpAnswer {
  const what = 'Request must be smaller than 6291456 bytes for the InvokeFunctionUrl operation';
  return message(413, 'RequestEntityTooLargeException', what);
}

export function throttled(Reason: string): HttpAnswer {
  const body = JSON.stringify({ Reason, Type: 'User', message: 'Rate Exceeded.' });
  return failure(429, 'TooManyRequestsException', body);
}

export function unavailable(why: string): HttpAnswer {
  return message(503, 'ServiceUnavailableException', why);
}

export function refusedCaller(status: number, code: string, why: string): HttpAnswer {
  return message(status, code, why);
}
