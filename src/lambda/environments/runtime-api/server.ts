/** The Runtime API 2018-06-01, for custom runtimes and AWS's own runtime clients. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Extensions } from '../extensions-api/extensions.ts';
import { type ExtensionCall, routeExtension } from '../extensions-api/routes.ts';
import type { RuntimeLink, RuntimeListener } from '../link.ts';
import { routeTelemetry } from '../telemetry-api/routes.ts';
import { type Call, errorTypeOf, midStreamError, readBody, tooLarge, truncated } from './request-body.ts';
import { RuntimeApiSession, send } from './session.ts';
import { streamedAnswer } from './streamed-answer.ts';

export interface RuntimeApi {
  /** A connection from inside the environment. */
  accept(socket: Socket, environmentId: string): void;
  /** The server's side of the conversation; calls before it exists are refused. */
  link(environmentId: string, listener: RuntimeListener): RuntimeLink;
  /** Lets what runs in there register as extensions. */
  extensions(environmentId: string, extensions: Extensions): Disposable;
}

const base = '/2018-06-01/runtime';

export function createRuntimeApi(): RuntimeApi {
  const sessions = new Map<string, RuntimeApiSession>();
  const accompanied = new Map<string, Extensions>();
  const environments = new WeakMap<Socket, string>();
  // `next` may stay open for as long as an environment lives.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 0 });
  server.on('request', (request, response) => {
    const id = environments.get(request.socket) ?? '';
    const extensions = accompanied.get(id);
    if (extensions !== undefined && routed({ extensions, request, response }, pathOf(request))) return;
    const session = sessions.get(id);
    if (session === undefined) return gone(response);
    route(session, request, response);
  });
  return {
    accept(socket, environmentId) {
      environments.set(socket, environmentId);
      socket.on('error', () => {});
      server.emit('connection', socket);
    },
    link(environmentId, listener) {
      const session = new RuntimeApiSession(listener, () => sessions.delete(environmentId));
      sessions.set(environmentId, session);
      return session;
    },
    extensions(environmentId, extensions) {
      accompanied.set(environmentId, extensions);
      const door = new DisposableStack();
      door.defer(() => accompanied.delete(environmentId));
      return door;
    },
  };
}

function routed(call: ExtensionCall, path: string): boolean {
  return routeExtension(call, path) || routeTelemetry(call, path);
}

function route(session: RuntimeApiSession, request: IncomingMessage, response: ServerResponse): void {
  const { method } = request;
  const path = pathOf(request);
  if (method === 'GET' && path === `${base}/invocation/next`) {
    const refusal = session.next(response);
    if (refusal !== undefined) send(response, refusal.status, refusal);
    return;
  }
  if (method === 'GET' && path === '/2018-06-01/ping') return send(response, 200, Buffer.from('pong'));
  const answer = new RegExp(`^${base}/invocation/([^/]+)/(response|error)$`).exec(path);
  if (method === 'POST' && answer !== null) {
    return invocationAnswer({ session, request, response }, answer[1] ?? '', answer[2] === 'response');
  }
  if (method === 'POST' && path === `${base}/init/error`) return initError({ session, request, response });
  const known = { status: 404, errorType: 'InvalidRequest', errorMessage: `There is no ${method} ${path}` };
  send(response, 404, known);
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?')[0] ?? '';
}

function invocationAnswer(call: Call, id: string, good: boolean): void {
  const { session, request, response } = call;
  const mode = request.headers['lambda-runtime-function-response-mode'] ?? 'buffered';
  if (mode !== 'buffered' && mode !== 'streaming') return send(response, 400, unknownMode);
  if (good && mode === 'streaming') return streamedAnswer(call, id);
  readBody(request, (body) => {
    const refusal = session.mayAnswer(id, good ? 'InvocationResponse' : 'InvocationErrorResponse');
    if (refusal !== undefined) return send(response, refusal.status, refusal);
    if (body.kind === 'truncated') return send(response, 400, truncated);
    if (body.kind === 'too-large') {
      send(response, 413, tooLarge);
      return session.tooLarge(body.bytes);
    }
    send(response, 202);
    const failure = good ? midStreamError(request) : { body: body.bytes, errorType: errorTypeOf(request) };
    if (failure === undefined) session.answered(body.bytes);
    else session.failed(failure.body, failure.errorType);
  });
}

function initError({ session, request, response }: Call): void {
  readBody(request, (body) => {
    const bytes = body.kind === 'whole' ? body.bytes : Buffer.from('{}');
    const refusal = session.initFailed(bytes, errorTypeOf(request, 'Runtime.Unknown'));
    send(response, refusal?.status ?? 202, refusal);
  });
}

const unknownMode = {
  status: 400,
  errorType: 'InvalidFunctionResponseMode',
  errorMessage: 'Lambda-Runtime-Function-Response-Mode must be buffered or streaming',
};

function gone(response: ServerResponse): void {
  send(response, 500, { status: 500, errorType: 'InternalServerError', errorMessage: 'The environment is gone' });
}
