/** The one port: AWS's API, and a few paths of our own. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { AnyTable } from '../aws/operation.ts';
import type { Clock } from '../base/clock.ts';
import { deferred } from '../base/deferred.ts';
import type { Random } from '../base/random.ts';
import { Authenticator } from '../iam/authenticate.ts';
import type { KeyStore } from '../iam/keys.ts';
import type { Log } from '../observe/log.ts';
import { answerCall, type CallParts } from './call.ts';
import { foreign } from './guard.ts';
import type { Route } from './route.ts';

export interface FrontOptions {
  /** Operation tables by the service's name, as in `aws/models/index.json`. */
  readonly services: Readonly<Record<string, AnyTable>>;
  readonly authentication: 'open' | 'signed';
  readonly keys: KeyStore;
  readonly serverSecret: Buffer;
  readonly defaultRegion: string;
  readonly routes: readonly Route[];
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  /** Names besides loopback ones that the Host header may have in the open mode. */
  readonly allowedHosts: readonly string[];
}

export interface Front {
  /** Rejects with the system's error (EADDRINUSE, EACCES, …). */
  listen(port: number, host: string): Promise<{ port: number }>;
  /** A connection from inside an environment, on its own address: what its Host header says is beyond suspicion. */
  accept(socket: Socket): void;
  /** Takes no more, resolves when what is under way has been answered or `deadlineMs` have passed. */
  drain(deadlineMs: number): Promise<void>;
}

const headersWaitMsMax = 20_000;
const requestWaitMsMax = 300_000;
const idleWaitMsMax = 65_000;
const headerBytesMax = 64 * 1024;

export function createFront(options: FrontOptions): Front {
  return new HttpFront(options);
}

class HttpFront implements Front {
  readonly #options: FrontOptions;
  readonly #server: Server;
  readonly #parts: CallParts;
  readonly #inside = new WeakSet<Socket>();
  #underWay = 0;
  #draining = false;
  readonly #quiet = deferred<void>();

  constructor(options: FrontOptions) {
    this.#options = options;
    const { authentication: mode, keys, serverSecret, clock } = options;
    this.#parts = { ...options, authenticator: new Authenticator({ mode, keys, serverSecret, clock }) };
    this.#server = createServer({
      headersTimeout: headersWaitMsMax,
      requestTimeout: requestWaitMsMax,
      keepAliveTimeout: idleWaitMsMax,
      maxHeaderSize: headerBytesMax,
    });
    this.#server.on('request', (request, response) => this.#request(request, response));
    this.#server.on('clientError', (error, socket) => badRequest(error, socket));
  }

  listen(port: number, host: string): Promise<{ port: number }> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        const address = this.#server.address();
        resolve({ port: address !== null && typeof address === 'object' ? address.port : port });
      });
    });
  }

  accept(socket: Socket): void {
    this.#inside.add(socket);
    socket.on('error', () => {});
    this.#server.emit('connection', socket);
  }

  async drain(deadlineMs: number): Promise<void> {
    this.#draining = true;
    this.#server.close();
    this.#server.closeIdleConnections();
    if (this.#underWay === 0) this.#quiet.resolve();
    const cancel = this.#options.clock.after(deadlineMs, () => this.#quiet.resolve());
    await this.#quiet.promise;
    cancel();
    this.#server.closeAllConnections();
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    this.#underWay += 1;
    // A connection that is kept alive would bring the next request to a server that is going.
    if (this.#draining) response.setHeader('connection', 'close');
    response.once('close', () => this.#ended());
    const open = this.#options.authentication === 'open' && !this.#inside.has(request.socket);
    const wrong = open ? foreign(request.headers, this.#options.allowedHosts) : undefined;
    if (wrong !== undefined) return refuse(request, response, wrong);
    const route = this.#options.routes.find(({ prefix }) => request.url?.startsWith(prefix));
    if (route !== undefined) return void this.#own(route, request, response);
    void answerCall(this.#parts, request, response);
  }

  async #own(route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await route.handle(request, response, new URL(request.url ?? '/', 'http://localhost'));
    } catch (error) {
      this.#options.log.error('A page of our own failed', { path: request.url, why: String(error) });
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  }

  #ended(): void {
    this.#underWay -= 1;
    if (this.#draining && this.#underWay === 0) this.#quiet.resolve();
  }
}

/** In the shape of AWS's errors, whatever the client is. */
function refuse(request: IncomingMessage, response: ServerResponse, why: string): void {
  request.resume();
  const message = `Refused, since ${why}; this server believes every request, and takes none that a web page may have sent`;
  const body = Buffer.from(JSON.stringify({ message }));
  response.writeHead(403, {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-amzn-errortype': 'AccessDeniedException',
  });
  response.end(body);
}

/** What is no HTTP is answered in the shape of AWS's errors, and the connection closed. */
function badRequest(error: NodeJS.ErrnoException, socket: import('node:stream').Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const body = JSON.stringify({
    message: tooLarge ? 'Request headers are too large' : 'The request is not valid HTTP',
  });
  const status = tooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request';
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `x-amzn-errortype: ${tooLarge ? 'RequestHeaderTooLargeException' : 'BadRequestException'}\r\n` +
      `content-length: ${body.length}\r\n\r\n${body}`,
  );
}
