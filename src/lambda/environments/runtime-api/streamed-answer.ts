import { type Call, midStreamError, truncated } from './request-body.ts';
import { send } from './session.ts';

/** One piece at a time: the runtime's connection stands still until a piece has been taken. */
export function streamedAnswer({ session, request, response }: Call, id: string): void {
  const refusal = session.mayAnswer(id, 'InvocationResponse');
  if (refusal !== undefined) {
    request.resume();
    return send(response, refusal.status, refusal);
  }
  session.streamBegun(request.headers['content-type'] ?? 'application/octet-stream');
  request.on('data', (bytes: Buffer) => {
    request.pause();
    session.streamed(bytes, () => request.resume());
  });
  request.once('end', () => {
    session.streamEnded(midStreamError(request));
    send(response, 202);
  });
  request.once('error', () => {
    session.streamEnded({ body: truncatedBody, errorType: 'Runtime.TruncatedResponse' });
    if (!response.destroyed) send(response, 400, truncated);
  });
}

const truncatedBody = Buffer.from(
  JSON.stringify({ errorType: 'Runtime.TruncatedResponse', errorMessage: 'The response ended before it was complete' }),
);
