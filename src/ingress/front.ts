/** The one port: AWS's API, and a few paths of our own. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Http2Server, ServerHttp2Session } from 'node:http2';
import { createServer as createListener, type Server as Listener, type Socket } from 'node:net';
import type { AnyTable } from '../aws/operation.ts';
import type { Clock } from '../base/clock.ts';
import { deferred } from '../base/deferred.ts';
import { invariant } from '../base/invariant.ts';
import type { Random } from '../base/random.ts';
import { Authenticator } from '../iam/authenticate.ts';
import type { KeyStore } from '../iam/keys.ts';
import type { Log } from '../observe/log.ts';
import type { RulesByService } from './authorise.ts';
import type { Incoming } from './body.ts';
import { answerCall, type CallParts } from './call.ts';
import { DirectConnection } from './direct/connection.ts';
import type { InvokeHead } from './direct/head.ts';
import { foreign, foreignHost, foreignPage, isShown, type Suspect, withoutOrigin } from './guard.ts';
import { http2Server } from './http2.ts';
import { malformed, refuseMalformed, refuseUnparsed } from './malformed.ts';
import { Pipelines } from './pipelines.ts';
import { type Outgoing, respond } from './respond.ts';
import { Room } from './room.ts';
import type { Route } from './route.ts';
import type { Site } from './site.ts';
import { sniff } from './sniff.ts';
import { TlsDoor } from './tls/door.ts';
import type { TlsIdentity } from './tls/identity.ts';
import { refusePlain } from './tls/plain.ts';
import { type UrlRequest, urlRequest } from './url/address.ts';
import type { FunctionUrls } from './url/function-urls.ts';

export interface FrontOptions {
  /** Operation tables by the service's name, as in `aws/models/index.json`. */
  readonly services: Readonly<Record<string, AnyTable>>;
  /** What their operations need leave for. */
  readonly rules?: RulesByService;
  readonly authentication: 'open' | 'signed';
  readonly keys: KeyStore;
  readonly serverSecret: Buffer;
  readonly defaultRegion: string;
  readonly routes: readonly Route[];
  /** Asked before anything else whose a request is. */
  readonly sites?: readonly Site[];
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  /** Names besides loopback ones that the Host header may have in the open mode. */
  readonly allowedHosts: readonly string[];
  /** Whether somebody configured that pages of an origin which is not ours may send a request. */
  namedOrigin?(request: Suspect): boolean;
  /** Functions behind URLs of their own. */
  readonly functionUrls?: FunctionUrls;
  /** Makes the port speak HTTPS. */
  readonly tls?: { readonly identity: TlsIdentity; readonly allowPlain: boolean } | undefined;
  /** Of all clients together. */
  readonly connectionsMax?: number;
  /** For a whole request; tests are in a hurry. */
  readonly requestWaitMs?: number;
}

export interface Front {
  /** Rejects with the system's error (EADDRINUSE, EACCES, …). */
  listen(port: number, host: string): Promise<{ port: number }>;
  /** Another port of this machine alone, always in plain HTTP: for functions that no sandbox keeps from it. */
  listenPlain(): Promise<{ port: number }>;
  /** A connection from inside an environment, on its own address: what its Host header says is beyond suspicion. */
  accept(socket: Socket): void;
  /** What goes on at this moment. */
  readonly load: { readonly connections: number; readonly requests: number };
  /** Takes no more, resolves when what is under way has been answered or `deadlineMs` have passed. */
  drain(deadlineMs: number): Promise<void>;
}

const headersWaitMsMax = 20_000;
const requestWaitMsMax = 300_000;
const checkingMs = 30_000;
const idleWaitMsMax = 65_000;
/** Until a connection says its first byte, when places are scarce. */
const silenceMsMax = 2_000;
const headerBytesMax = 64 * 1024;
/** Where every route of our own starts; spares AWS's requests the look through the list. */
const ownPaths = '/_lambent/';

export function createFront(options: FrontOptions): Front {
  return new HttpFront(options);
}

class HttpFront implements Front {
  readonly #options: FrontOptions;
  readonly #parts: CallParts;
  readonly #server: Server;
  readonly #plainHttp2: Http2Server;
  readonly #insideHttp2: Http2Server;
  #tls: TlsDoor | undefined;
  readonly #inside = new WeakSet<Socket>();
  /** Connections to the port of `listenPlain`. */
  readonly #plain = new WeakSet<Socket>();
  #plainListener: Listener | undefined;
  /** Connections that have not said yet which HTTP they speak, since when, and those of HTTP/2: `#server` does not know them. */
  readonly #waiting = new Map<Socket, number>();
  readonly #sessions = new Set<ServerHttp2Session>();
  /** Connections that have brought nothing but Invokes: `#server` does not know them either. */
  readonly #direct = new Set<DirectConnection>();
  readonly #pipelines = new Pipelines();
  readonly #room: Room;
  #underWay = 0;
  #draining = false;
  readonly #quiet = deferred<void>();

  constructor(options: FrontOptions) {
    this.#options = options;
    const { authentication: mode, keys, serverSecret, clock } = options;
    const { services, rules = {}, defaultRegion, log, random, connectionsMax = Number.POSITIVE_INFINITY } = options;
    const authenticator = new Authenticator({ mode, keys, serverSecret, clock });
    this.#parts = { services, authenticator, rules, defaultRegion, log, clock, random, streaming: new WeakSet() };
    this.#room = new Room(connectionsMax);
    this.#server = this.#http1();
    this.#server.maxConnections = connectionsMax;
    this.#plainHttp2 = this.#http2(false);
    this.#insideHttp2 = this.#http2(true);
  }

  listen(port: number, host: string): Promise<{ port: number }> {
    return listening(this.#server, port, host);
  }

  listenPlain(): Promise<{ port: number }> {
    this.#plainListener = createListener((socket) => {
      this.#plain.add(socket);
      this.#server.emit('connection', socket);
    });
    return listening(this.#plainListener, 0, '127.0.0.1');
  }

  accept(socket: Socket): void {
    this.#inside.add(socket);
    this.#server.emit('connection', socket);
  }

  get load() {
    return { connections: this.#room.open, requests: this.#underWay };
  }

  async drain(deadlineMs: number): Promise<void> {
    this.#draining = true;
    for (const site of this.#options.sites ?? []) site.close?.();
    this.#server.close();
    this.#plainListener?.close();
    this.#server.closeIdleConnections();
    for (const socket of this.#waiting.keys()) socket.destroy();
    for (const session of this.#sessions) session.close();
    for (const connection of this.#direct) connection.drain();
    if (this.#underWay === 0) this.#quiet.resolve();
    const cancel = this.#options.clock.after(deadlineMs, () => this.#quiet.resolve());
    await this.#quiet.promise;
    cancel();
    this.#server.closeAllConnections();
    for (const connection of this.#direct) connection.destroy();
    for (const session of this.#sessions) session.destroy();
    this.#tls?.close();
  }

  #http1(): Server {
    const { requestWaitMs = requestWaitMsMax } = this.#options;
    const server = createServer({
      headersTimeout: this.#headersWaitMs,
      requestTimeout: requestWaitMs,
      connectionsCheckingInterval: Math.min(requestWaitMs, checkingMs),
      keepAliveTimeout: idleWaitMsMax,
      maxHeaderSize: headerBytesMax,
      shouldUpgradeCallback: (request) => this.#upgradingSite(request) !== undefined,
    });
    server.on('upgrade', (request, socket, head) => this.#upgradingSite(request)?.upgrade?.(request, socket, head));
    const serve = (request: IncomingMessage, response: ServerResponse) => {
      // A connection that is kept alive would bring the next request to a server that is going.
      if (this.#draining) response.setHeader('connection', 'close');
      this.#pipelines.begun(request, response);
      this.#request(request, response, this.#inside.has(request.socket));
    };
    server.on('request', serve);
    // Whoever reads the body says that it may be sent; a client whose request fails before keeps it.
    server.on('checkContinue', serve);
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      // Whoever reads a body by itself has a deadline of its own, and a body may take hours.
      if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && this.#parts.streaming.has(socket)) return;
      this.#pipelines.turn(socket, () => refuseUnparsed(error, socket, this.#options.clock));
    });
    server.on('drop', () => this.#makeRoom());
    this.#sniffFirst(server);
    return server;
  }

  /** Puts the sniffer before what node:http does with a connection; its timeouts and its count of connections stay. */
  #sniffFirst(server: Server): void {
    const [http1] = server.listeners('connection');
    invariant(http1, 'a server of node:http listens to its connections');
    server.removeAllListeners('connection');
    const { tls } = this.#options;
    this.#tls = tls && this.#tlsDoor(tls.identity, (socket) => http1.call(server, socket));
    server.on('connection', (socket: Socket) => {
      this.#room.taken(socket, () => this.#makeRoom());
      this.#waiting.set(socket, this.#options.clock.monotonic());
      const ready = () => this.#waiting.delete(socket);
      socket.once('close', ready);
      const known = (serve: () => void) => {
        ready();
        socket.off('close', ready);
        serve();
      };
      const http2 = this.#inside.has(socket) ? this.#insideHttp2 : this.#plainHttp2;
      const plain = this.#mayBePlain(socket);
      sniff(socket, {
        ...(this.#tls && { tls: () => known(() => this.#tls?.accept(socket)) }),
        http1: () =>
          known(() => (plain ? this.#beginDirect(socket, () => http1.call(server, socket)) : refusePlain(socket))),
        http2: () => known(() => (plain ? http2.emit('connection', socket) : socket.destroy())),
        waitMsMax: this.#headersWaitMs,
      });
    });
  }

  #beginDirect(socket: Socket, handOver: () => void): void {
    const { clock, authentication } = this.#options;
    const inside = this.#inside.has(socket);
    const suspect = authentication === 'open' && !inside;
    const connection = new DirectConnection({
      socket,
      clock,
      idleMsMax: idleWaitMsMax,
      isDraining: () => this.#draining,
      admits: (head) => this.#isOrdinary(head, suspect),
      serve: (request, response) => {
        this.#underWay += 1;
        response.once('close', () => this.#ended());
        answerCall(this.#parts, { request, response, inside });
      },
      handOver,
      brokenOff: () => refuseUnparsed(new Error('ended in the middle of a request'), socket, clock),
      closed: () => this.#direct.delete(connection),
    });
    this.#direct.add(connection);
  }

  /** Nothing that `#request` would do more for than hand it to the AWS API. */
  #isOrdinary({ url, headers }: InvokeHead, suspect: boolean): boolean {
    if (this.#options.functionUrls !== undefined && urlRequest(headers, url) !== undefined) return false;
    if (this.#siteOf(headers, url) !== undefined) return false;
    return !suspect || foreign({ method: 'POST', url, headers }, this.#options) === undefined;
  }

  /** Connections on which nothing is under way go, and those that came a while ago and have said nothing yet. */
  #makeRoom(): void {
    this.#server.closeIdleConnections();
    for (const connection of this.#direct) connection.drain();
    const before = this.#options.clock.monotonic() - silenceMsMax;
    for (const [socket, since] of this.#waiting) if (since < before) socket.destroy();
  }

  get #headersWaitMs(): number {
    return Math.min(headersWaitMsMax, this.#options.requestWaitMs ?? headersWaitMsMax);
  }

  #mayBePlain(socket: Socket): boolean {
    const { tls } = this.#options;
    return tls === undefined || tls.allowPlain || this.#inside.has(socket) || this.#plain.has(socket);
  }

  #tlsDoor(identity: TlsIdentity, http1: (socket: Socket) => void): TlsDoor {
    return new TlsDoor({
      identity,
      waitMsMax: this.#headersWaitMs,
      http1,
      http2: (socket) => this.#plainHttp2.emit('connection', socket),
    });
  }

  #http2(inside: boolean): Http2Server {
    const { clock, requestWaitMs = requestWaitMsMax } = this.#options;
    return http2Server({
      sessions: this.#sessions,
      clock,
      ...{ headerBytesMax, idleWaitMsMax, requestWaitMs },
      isDraining: () => this.#draining,
      mayBeSlow: (stream) => this.#parts.streaming.has(stream),
      serve: (request, response) => this.#request(request, response, inside),
    });
  }

  #request(request: Incoming, response: Outgoing, inside: boolean): void {
    this.#underWay += 1;
    response.once('close', () => this.#ended());
    const problem = malformed(request);
    if (problem !== undefined) return refuseMalformed(request, response, problem);
    const suspect = this.#options.authentication === 'open' && !inside;
    const { method = 'GET', url = '/', headers } = request;
    const functionUrl = this.#options.functionUrls && urlRequest(headers, url);
    if (functionUrl !== undefined) {
      goOn(request, response);
      return this.#functionUrl(functionUrl, request, response, suspect);
    }
    const site = this.#siteOf(headers, url);
    if (suspect) {
      // A site is there for the pages of others; only the name by which they reach it must be one of this server's.
      const { allowedHosts } = this.#options;
      const wrong = site ? foreignHost(headers, allowedHosts) : foreign({ method, url, headers }, this.#options);
      if (wrong !== undefined) return refuse(request, response, wrong);
    }
    if (site !== undefined) {
      goOn(request, response);
      return site.handle(request, response);
    }
    if (url.startsWith(ownPaths)) {
      const route = this.#options.routes.find(({ prefix }) => url.startsWith(prefix));
      goOn(request, response);
      if (route !== undefined) return void this.#own(route, request, response);
    }
    if (suspect && isShown(request.headers)) response.setHeader('content-security-policy', withoutOrigin);
    answerCall(this.#parts, { request, response, inside });
  }

  /** Meant for browsers and pages of any site, but where the caller has to sign: then the open mode believes too much. */
  #functionUrl(asked: UrlRequest, request: Incoming, response: Outgoing, suspect: boolean): void {
    const { headers } = request;
    const urls = this.#options.functionUrls;
    if (suspect && urls?.isSigned(asked)) {
      const wrong = foreignPage(headers, this.#options.allowedHosts);
      if (wrong !== undefined) return refuse(request, response, wrong);
    }
    // Below a path, a page of the function would be a page of this server, whose requests are let in.
    if (suspect && asked.by === 'path' && isShown(headers)) {
      response.setHeader('content-security-policy', withoutOrigin);
    }
    void urls?.answer(asked, request, response);
  }

  #siteOf(headers: IncomingHttpHeaders, url: string): Site | undefined {
    return this.#options.sites?.find((site) => site.owns(headers, url));
  }

  #upgradingSite(request: IncomingMessage): Site | undefined {
    const { headers, url = '/', socket } = request;
    if (this.#draining || malformed(request) !== undefined) return undefined;
    const suspect = this.#options.authentication === 'open' && !this.#inside.has(socket);
    if (suspect && foreignHost(headers, this.#options.allowedHosts) !== undefined) return undefined;
    const site = this.#siteOf(headers, url);
    return site?.upgrades?.(request) ? site : undefined;
  }

  async #own(route: Route, request: Incoming, response: Outgoing): Promise<void> {
    try {
      await route.handle(request, response, new URL(request.url ?? '/', 'http://localhost'));
    } catch (error) {
      this.#options.log.error('A page of our own failed', { path: request.url, why: String(error) });
      if (!response.headersSent) response.statusCode = 500;
      response.end();
    }
  }

  #ended(): void {
    this.#underWay -= 1;
    if (this.#draining && this.#underWay === 0) this.#quiet.resolve();
  }
}

function listening(server: Listener, port: number, host: string): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve({ port: address !== null && typeof address === 'object' ? address.port : port });
    });
  });
}

/** To a client that asks whether its body is wanted. */
function goOn(request: Incoming, response: Outgoing): void {
  if (request.headers.expect !== undefined && response instanceof ServerResponse) response.writeContinue();
}

/** In the shape of AWS's errors, whatever the client is. */
function refuse(request: Incoming, response: Outgoing, why: string): void {
  request.resume();
  const message = `Refused, since ${why}; this server believes every request, and takes none that a web page may have sent`;
  const headers = ['content-type', 'application/json', 'x-amzn-errortype', 'AccessDeniedException'];
  respond(response, { status: 403, headers, body: JSON.stringify({ message }) }, []);
}
