/**
 * Functions behind URLs of their own. The way of one request, in order: whose URL it is, what browsers ask before, its body,
 * who sends it and whether they may, the function, the answer (reference: lambda-semantics 6.11).
 */
import { AwsError } from '../../aws/errors.ts';
import type { Principal } from '../../aws/operation.ts';
import { type Headers, readSignature } from '../../aws/sigv4/signature.ts';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Authenticator } from '../../iam/authenticate.ts';
import type { Door, InvokeRequest, InvokeResult, StreamingDoor } from '../../lambda/invoke/door.ts';
import { traceHeader } from '../../lambda/invoke/trace-header.ts';
import { type FunctionKey, type FunctionVersion, functionArn } from '../../lambda/model/function.ts';
import type { FunctionStore } from '../../lambda/model/function-store.ts';
import { syncPayloadBytes, syncPayloadBytesMax } from '../../lambda/model/limits.ts';
import { versionToRun } from '../../lambda/model/qualifier.ts';
import type { ResourceStore } from '../../lambda/model/resources.ts';
import { addressKey, type FunctionUrl, urlKey } from '../../lambda/model/url.ts';
import type { Log } from '../../observe/log.ts';
import { type Incoming, readBody } from '../body.ts';
import { type Outgoing, respond } from '../respond.ts';
import type { UrlRequest } from './address.ts';
import { answerOf } from './answer.ts';
import { isPreflight, preflightHeaders, withCors } from './cors.ts';
import { urlEvent } from './event.ts';
import { failed, forbidden, tooLarge, type UrlFailure, unavailable } from './failures.ts';
import { deniedAction } from './permission.ts';
import { streamAnswer } from './stream.ts';

export interface FunctionUrlsParts {
  readonly functions: FunctionStore;
  readonly resources: ResourceStore;
  readonly door: Door & StreamingDoor;
  readonly callers: Authenticator;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** A URL, and the function that is behind it. */
interface Target {
  readonly url: FunctionUrl;
  readonly key: FunctionKey;
  readonly alias: string | undefined;
}

interface Call {
  readonly asked: UrlRequest;
  readonly request: Incoming;
  readonly response: Outgoing;
  readonly target: Target;
  readonly requestId: string;
  readonly trace: string;
}

export class FunctionUrls {
  readonly #parts: FunctionUrlsParts;

  constructor(parts: FunctionUrlsParts) {
    this.#parts = parts;
  }

  /** Whether only somebody who signs may call it: pages of other sites then have no business with it. */
  isSigned({ id }: UrlRequest): boolean {
    return this.#find(id)?.url.authType !== 'NONE';
  }

  /** Answers by itself, whatever happens; never throws. */
  answer(asked: UrlRequest, request: Incoming, response: Outgoing): void {
    const requestId = this.#parts.random.uuid();
    const target = this.#find(asked.id);
    const trace = traceHeader(header(request, 'x-amzn-trace-id'), this.#parts);
    if (target === undefined) {
      request.resume();
      return fail(response, requestId, forbidden());
    }
    const call: Call = { asked, request, response, target, requestId, trace };
    const { cors } = target.url;
    if (cors !== undefined && isPreflight(request.method ?? 'GET', request.headers)) {
      request.resume();
      return respond(response, { status: 200, headers: preflightHeaders(cors, request.headers), body: '' }, ids(call));
    }
    if (request.headers.expect !== undefined && 'writeContinue' in response) response.writeContinue();
    readBody(request, {
      bytesMax: syncPayloadBytes,
      taken: (body) => void this.#run(call, body).catch((error: unknown) => this.#broken(call, error)),
      tooLarge: () => this.#fail(call, tooLarge()),
    });
  }

  #find(id: string): Target | undefined {
    const address = this.#parts.resources.get('url-address', addressKey(id));
    if (address === undefined) return undefined;
    const { accountId, region, functionName: name, alias } = address;
    const key = { accountId, region, name };
    const url = this.#parts.resources.get('function-url', urlKey(key, alias));
    // A function that was deleted leaves its address behind; one of the same name has another.
    return url?.id === id ? { url, key, alias } : undefined;
  }

  async #run(call: Call, body: Buffer): Promise<void> {
    const { door, log } = this.#parts;
    const { key, alias, url } = call.target;
    const principal = url.authType === 'NONE' ? undefined : this.#caller(call, body);
    if (url.authType !== 'NONE' && principal === undefined) return this.#fail(call, forbidden());
    const version = versionToRun(this.#parts, key, alias);
    const denied = deniedAction(this.#parts.resources, this.#parts.clock, {
      principal,
      functionArn: functionArn(key, alias),
    });
    if (version === undefined || denied !== undefined) {
      log.info('Refused a request to a function URL', {
        function: functionArn(key, alias),
        missing: denied ?? 'its alias',
      });
      return this.#fail(call, forbidden());
    }
    if (version.state.value !== 'Active')
      return this.#fail(call, unavailable(`The function is ${version.state.value}`));
    const invocation = this.#invocation(call, { body, principal, version });
    if (invocation.payload.length > syncPayloadBytesMax) return this.#fail(call, tooLarge());
    if (url.invokeMode === 'BUFFERED') return this.#answer(call, await door.invoke(invocation));
    const result = await door.stream(invocation);
    if (result.kind !== 'streaming') return this.#answer(call, result);
    const finish = (headers: string[]) => [...ids(call), ...withCors(headers, url.cors, call.request.headers)];
    if (!(await streamAnswer(result, call.response, finish))) this.#fail(call, failed());
  }

  /** Throws what AWS says of a signature that does not hold; undefined where there is none. */
  #caller({ request }: Call, body: Buffer): Principal | undefined {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const [path, query] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
    const headers = flat(request);
    const signature = readSignature(headers, query);
    if (signature === undefined) return undefined;
    const method = request.method ?? 'GET';
    const signed = {
      method,
      path,
      query,
      headers,
      body,
      signature,
      protocol: 'restJson1',
      signingName: 'lambda',
    } as const;
    return this.#parts.callers.authenticate(signed).principal;
  }

  #invocation(call: Call, { body, principal, version }: Sent): InvokeRequest {
    const { asked, request, target, requestId, trace } = call;
    const { socket, httpVersion, headers, method = 'GET' } = request;
    const payload = urlEvent({
      ...asked,
      region: target.key.region,
      method,
      protocol: `HTTP/${httpVersion}`,
      headers,
      body,
      sourceIp: plainAddress(socket.remoteAddress),
      port: socket.localPort ?? 0,
      requestId,
      traceHeader: trace,
      principal,
      now: this.#parts.clock.now(),
    });
    const invokedArn = functionArn(target.key, target.alias);
    const common = { version, invokedArn, requestId, payload, traceHeader: trace, logTail: false };
    return {
      ...common,
      // Asked for only by those who have to wait.
      get signal() {
        return goneSignal(call.response);
      },
    };
  }

  #answer(call: Call, result: InvokeResult): void {
    const { url } = call.target;
    switch (result.kind) {
      case 'success': {
        const answer = answerOf(result.payload);
        if (answer === undefined) return this.#fail(call, failed());
        const headers = withCors(answer.headers, url.cors, call.request.headers);
        return respond(call.response, { ...answer, headers }, ids(call));
      }
      case 'function-error':
        return this.#fail(call, failed());
      case 'throttled':
        return this.#fail(call, {
          status: 429,
          code: 'TooManyRequestsException',
          body: JSON.stringify({ Reason: result.reason, Type: 'User', message: 'Rate Exceeded.' }),
        });
      case 'recursive':
        return this.#fail(call, failed());
      case 'unavailable':
        return this.#fail(call, unavailable(result.message));
    }
  }

  #fail(call: Call, failure: UrlFailure): void {
    const { response, request, requestId, target } = call;
    fail(response, requestId, failure, withCors([], target.url.cors, request.headers));
  }

  #broken(call: Call, error: unknown): void {
    if (error instanceof AwsError) {
      const body = JSON.stringify({ Message: error.message });
      return this.#fail(call, { status: error.status, code: error.code, body });
    }
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#parts.log.error('A request to a function URL failed inside the server', { requestId: call.requestId, why });
    this.#fail(call, failed());
  }
}

interface Sent {
  readonly body: Buffer;
  readonly principal: Principal | undefined;
  readonly version: FunctionVersion;
}

function ids({ requestId, trace }: Pick<Call, 'requestId' | 'trace'>): string[] {
  return ['x-amzn-requestid', requestId, 'x-amzn-trace-id', trace];
}

function fail(response: Outgoing, requestId: string, { status, code, body }: UrlFailure, more: string[] = []): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const type = body.startsWith('{') ? 'application/json' : 'text/plain';
  const headers = ['content-type', type, 'x-amzn-errortype', code, ...more];
  respond(response, { status, headers, body }, ['x-amzn-requestid', requestId]);
}

function header({ headers }: Incoming, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

function flat({ headers }: Incoming): Headers {
  const texts = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]);
  return { host: headers[':authority'], ...Object.fromEntries(texts) };
}

/** Fires when the client goes away before its answer. */
function goneSignal(response: Outgoing): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  else response.once('close', () => response.writableFinished || gone.abort());
  return gone.signal;
}

/** `::ffff:127.0.0.1` is how a socket of both families writes 127.0.0.1. */
function plainAddress(address = ''): string {
  return address.replace(/^::ffff:/, '');
}
