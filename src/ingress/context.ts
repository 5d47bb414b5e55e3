/** What a handler may ask of its request. What most requests never ask for is made when somebody does. */
import type { Principal, RequestBody, RequestContext } from '../aws/operation.ts';
import type { Headers } from '../aws/sigv4/signature.ts';
import { type Answering, isGone } from './respond.ts';
import { schemeOf } from './tls/door.ts';

export interface ContextParts {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly accountId: string;
  readonly principal: Principal;
  readonly requestId: string;
  readonly headers: Headers;
  readonly response: Answering;
  readonly inside: boolean;
  readonly body: RequestBody | undefined;
}

export class CallContext implements RequestContext {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly accountId: string;
  readonly principal: Principal;
  readonly requestId: string;
  readonly headers: Headers;
  readonly inside: boolean;
  readonly responseHeaders: Record<string, string> = {};
  responseStatus: number | undefined = undefined;
  readonly body: RequestBody | undefined;
  readonly #response: Answering;
  #aborter: AbortController | undefined;

  constructor(parts: ContextParts) {
    const { service, operation, region, accountId, principal, requestId, headers, response, inside, body } = parts;
    this.service = service;
    this.operation = operation;
    this.region = region;
    this.accountId = accountId;
    this.principal = principal;
    this.requestId = requestId;
    this.headers = headers;
    this.inside = inside;
    this.body = body;
    this.#response = response;
  }

  get endpoint(): string {
    return `${schemeOf(this.#response.req)}://${this.headers.host ?? ''}`;
  }

  get sourceAddress(): string | undefined {
    return this.#response.socket?.remoteAddress?.replace(/^::ffff:/, '');
  }

  get signal(): AbortSignal {
    this.#aborter ??= this.#watch(new AbortController());
    return this.#aborter.signal;
  }

  #watch(aborter: AbortController): AbortController {
    const response = this.#response;
    const gone = () => {
      if (!response.writableEnded) aborter.abort();
    };
    if (isGone(response)) gone();
    else response.once('close', gone);
    return aborter;
  }
}
