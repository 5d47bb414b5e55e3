/** HTTP/2, and the deadlines that node:http2 leaves to others. */
import {
  constants,
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { Clock } from '../base/clock.ts';

export interface Http2Options {
  /** Those that are open. */
  readonly sessions: Set<ServerHttp2Session>;
  readonly clock: Clock;
  readonly headerBytesMax: number;
  /** Of a whole connection. */
  readonly idleWaitMsMax: number;
  /** For a request with its body. */
  readonly requestWaitMs: number;
  isDraining(): boolean;
  /** Whether somebody else sees to it that the body of a stream comes. */
  mayBeSlow(stream: object): boolean;
  serve(request: Http2ServerRequest, response: Http2ServerResponse): void;
}

/** At once on one connection. */
const streamsMax = 256;

export function http2Server(options: Http2Options): Http2Server {
  const { sessions, headerBytesMax, idleWaitMsMax, isDraining, serve } = options;
  const server = createServer({
    settings: { maxConcurrentStreams: streamsMax, maxHeaderListSize: headerBytesMax },
  });
  server.setTimeout(idleWaitMsMax);
  server.on('timeout', () => {});
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.setTimeout(idleWaitMsMax, () => session.close());
    if (isDraining()) session.close();
  });
  server.on('sessionError', () => {});
  server.on('request', (request, response) => {
    if (!request.stream.endAfterHeaders) awaitBody(options, request, response);
    serve(request, response);
  });
  return server;
}

/** As with node:http, a request has to arrive in time, whatever else its connection does. */
function awaitBody(
  { clock, requestWaitMs, mayBeSlow }: Http2Options,
  { stream }: Http2ServerRequest,
  response: Http2ServerResponse,
): void {
  const cancel = clock.after(requestWaitMs, () => {
    if (!stream.readableEnded && !mayBeSlow(stream)) stream.close(constants.NGHTTP2_CANCEL);
  });
  response.once('close', cancel);
}
