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
import { isUndecided, traceHeader } from '../../lambda/invoke/trace-header.ts';
import { type FunctionKey, type FunctionVersion, functionArn } from '../../lambda/model/function.ts';
import type { FunctionStore } from '../../lambda/model/function-store.ts';
import { syncPayloadBytes, syncPayloadBytesMax } from '../../lambda/model/limits.ts';
import { versionToRun } from '../../lambda/model/qualifier.ts';
import type { ResourceStore } from '../../lambda/model/resources.ts';
import { addressKey, type FunctionUrl, urlKey } from '../../lambda/model/url.ts';
import type { Log } from '../../observe/log.ts';
import type { Incoming } from '../body.ts';
import { type HttpAnswer, sendAnswer } from '../http/answer.ts';
import { callerIdentity, withKey } from '../http/caller-identity.ts';
import { preflightAnswer, withCors } from '../http/cors.ts';
import { eventV2 } from '../http/event-v2.ts';
import { answerV2 } from '../http/function-answer.ts';
import { callBody, callHead, type HttpCall, headerOf } from '../http/http-call.ts';
import { isGone, type Outgoing } from '../respond.ts';
import { type TlsSession, tlsSession } from '../tls/door.ts';
import type { UrlRequest } from './address.ts';
import { failed, forbidden, refusedCaller, throttled, tooLarge, unavailable } from './failures.ts';
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
  readonly head: Omit<HttpCall, 'body'>;
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

  /** Answers by itself, whatever happens; never rejects. */
  async answer(asked: UrlRequest, request: Incoming, response: Outgoing): Promise<void> {
    const requestId = this.#parts.random.uuid();
    const target = this.#find(asked.id);
    const head = { ...callHead(request), path: asked.path, query: asked.query };
    const trace = traceHeader(headerOf(head, 'x-amzn-trace-id'), this.#parts);
    if (target === undefined) {
      request.resume();
      return sendAnswer(response, request, withIds(forbidden(), { requestId, trace }));
    }
    const call: Call = { asked, head, request, response, target, requestId, trace };
    try {
      await this.#run(call);
    } catch (error) {
      this.#broken(call, error);
    }
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

  async #run(call: Call): Promise<void> {
    const { head, request, response, target } = call;
    const preflight = target.url.cors && preflightAnswer(target.url.cors, head);
    if (preflight !== undefined) {
      request.resume();
      return sendAnswer(response, request, withIds(preflight, call));
    }
    const body = await callBody(request, syncPayloadBytes);
    if (body === 'too-large') return this.#send(call, tooLarge());
    const principal = target.url.authType === 'NONE' ? undefined : this.#caller(call, body);
    if (target.url.authType !== 'NONE' && principal === undefined) return this.#send(call, forbidden());
    const version = this.#permitted(call, principal);
    if (version === undefined) return this.#send(call, forbidden());
    if (version.state.value !== 'Active')
      return this.#send(call, unavailable(`The function is ${version.state.value}`));
    const invocation = this.#invocation(call, { body, principal, version });
    if (invocation.payload.length > syncPayloadBytesMax) return this.#send(call, tooLarge());
    await this.#invoke(call, invocation);
  }

  /** Throws what AWS says of a signature that does not hold; undefined where there is none. */
  #caller({ request }: Call, body: Buffer): Principal | undefined {
    const { method, path, query } = callHead(request);
    const headers = flat(request);
    const signature = readSignature(headers, query);
    if (signature === undefined) return undefined;
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
    return withKey(this.#parts.callers.authenticate(signed).principal, signature);
  }

  /** The version to run; undefined when the alias is gone, or a policy does not let the caller in. */
  #permitted({ target: { key, alias } }: Call, principal: Principal | undefined): FunctionVersion | undefined {
    const { resources, clock, log } = this.#parts;
    const version = versionToRun(this.#parts, key, alias);
    const denied = deniedAction(resources, clock, { principal, functionArn: functionArn(key, alias) });
    if (version !== undefined && denied === undefined) return version;
    const missing = version === undefined ? 'its alias' : denied;
    log.info('Refused a request to a function URL', { function: functionArn(key, alias), missing });
    return undefined;
  }

  #invocation(call: Call, { body, principal, version }: Sent): InvokeRequest {
    const { asked, head, response, target, requestId, trace } = call;
    const { key, alias } = target;
    const event = eventV2(
      { ...head, headers: withSession(head.headers, tlsSession(call.request)), body },
      {
        accountId: principal?.accountId ?? 'anonymous',
        apiId: asked.id,
        domainName: headerOf(head, 'host') ?? '',
        stage: '$default',
        routeKey: '$default',
        path: asked.path,
        requestId,
        now: this.#parts.clock.now(),
        trace,
        authorizer: principal && { iam: callerIdentity(principal) },
      },
    );
    const payload = Buffer.from(JSON.stringify(event));
    const invokedArn = functionArn(key, alias);
    const callerTrace = headerOf(head, 'x-amzn-trace-id') ?? '';
    const traced = { traceHeader: trace, callerTrace, undecided: isUndecided(callerTrace) };
    const common = { version, invokedArn, requestId, payload, ...traced, logTail: false };
    return {
      ...common,
      // Asked for only by those who have to wait.
      get signal() {
        return goneSignal(response);
      },
    };
  }

  async #invoke(call: Call, invocation: InvokeRequest): Promise<void> {
    const { door } = this.#parts;
    if (call.target.url.invokeMode === 'BUFFERED') return this.#send(call, answerOf(await door.invoke(invocation)));
    const result = await door.stream(invocation);
    if (result.kind !== 'streaming') return this.#send(call, answerOf(result));
    const streamed = await streamAnswer(result, call.response, (answer) => finished(call, answer));
    if (!streamed) this.#send(call, failed());
  }

  #send(call: Call, answer: HttpAnswer): void {
    sendAnswer(call.response, call.request, finished(call, answer));
  }

  #broken(call: Call, error: unknown): void {
    if (call.response.headersSent) return void call.response.destroy();
    if (error instanceof AwsError) return this.#send(call, refusedCaller(error.status, error.code, error.message));
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#parts.log.error('A request to a function URL failed inside the server', { requestId: call.requestId, why });
    this.#send(call, failed());
  }
}

interface Sent {
  readonly body: Buffer;
  readonly principal: Principal | undefined;
  readonly version: FunctionVersion;
}

function answerOf(result: InvokeResult): HttpAnswer {
  switch (result.kind) {
    case 'success':
      return answerV2(result.payload) ?? failed();
    case 'function-error':
    case 'recursive':
      return failed();
    case 'throttled':
      return throttled(result.reason);
    case 'unavailable':
      return unavailable(result.message);
  }
}

function finished(call: Call, answer: HttpAnswer): HttpAnswer {
  const { cors } = call.target.url;
  return withIds(cors === undefined ? answer : withCors(cors, call.head, answer), call);
}

function withIds(answer: HttpAnswer, { requestId, trace }: Pick<Call, 'requestId' | 'trace'>): HttpAnswer {
  const others = answer.headers.filter(([name]) => !/^x-amzn-(requestid|trace-id)$/i.test(name));
  return { ...answer, headers: [['x-amzn-requestid', requestId], ['x-amzn-trace-id', trace], ...others] };
}

const sessionNames = ['x-amzn-tls-version', 'x-amzn-tls-cipher-suite'];

/** Functions hear of the connection what this server knows of it, and not what a client says. */
function withSession(headers: HttpAnswer['headers'], session: TlsSession | undefined): HttpAnswer['headers'] {
  const others = headers.filter(([name]) => !sessionNames.includes(name.toLowerCase()));
  if (session === undefined) return others;
  return [...others, ['x-amzn-tls-version', session.version], ['x-amzn-tls-cipher-suite', session.cipher]];
}

function flat({ headers }: Incoming): Headers {
  const texts = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]);
  return { host: headers[':authority'], ...Object.fromEntries(texts) };
}

/** Fires when the client goes away before its answer. */
function goneSignal(response: Outgoing): AbortSignal {
  const gone = new AbortController();
  if (isGone(response)) gone.abort();
  else response.once('close', () => response.writableEnded || gone.abort());
  return gone.signal;
}
