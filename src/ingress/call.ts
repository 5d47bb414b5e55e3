/**
 * The way of one AWS request, in order: which operation is meant, may its sender send it, the body, whose it is, what it
 * says, the handler, the answer. Written with events and one promise, since every invocation passes here.
 */
import type { AwsError } from '../aws/errors.ts';
import type { Protocol } from '../aws/model.ts';
import { services as modelled } from '../aws/models.ts';
import type { AnyTable, Operation, Principal, RequestBody } from '../aws/operation.ts';
import type { OperationCodec } from '../aws/protocol/codec.ts';
import { renderError } from '../aws/protocol/error.ts';
import { operationCodec } from '../aws/protocol/operation-codec.ts';
import {
  type Head,
  type Identified,
  type InBody,
  identify,
  identifyForm,
  type Unidentified,
} from '../aws/route/identify.ts';
import { type Headers, readSignature } from '../aws/sigv4/signature.ts';
import { emptyBody } from '../aws/wire.ts';
import type { Clock } from '../base/clock.ts';
import { invariant } from '../base/invariant.ts';
import type { Random } from '../base/random.ts';
import type { Authenticated, Authenticator, SignedRequest } from '../iam/authenticate.ts';
import type { Log } from '../observe/log.ts';
import { authorise, type RulesByService } from './authorise.ts';
import { bodyBytesMax, bodyTooLarge, discardedBytesMax, type Incoming, readBody, unpacked } from './body.ts';
import { dechunkedBody } from './chunks.ts';
import { CallContext } from './context.ts';
import { DirectAnswer } from './direct/answer.ts';
import type { DirectRequest } from './direct/connection.ts';
import { notImplemented, toldError } from './failures.ts';
import { IncomingBody } from './request-body.ts';
import { type Answering, isGone, type Outgoing, respond } from './respond.ts';

export interface CallParts {
  readonly services: Readonly<Record<string, AnyTable>>;
  readonly authenticator: Authenticator;
  readonly rules: RulesByService;
  readonly defaultRegion: string;
  readonly log: Log;
  /** Connections, or streams of one, whose request is read by its operation. */
  readonly streaming: WeakSet<object>;
  readonly clock: Clock;
  readonly random: Random;
}

/** Answers by itself, whatever happens; never throws. */
export function answerCall(parts: CallParts, exchange: Exchange): void {
  new Call(parts, exchange).start();
}

/** A request whose body is read by us, or that came whole. */
type Asking = Incoming | DirectRequest;

export interface Exchange {
  readonly request: Asking;
  readonly response: Answering;
  /** From inside a function's environment. */
  readonly inside: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: as in AnyTable, each row is typed by its own service's table
type Row = Operation<any, any>;

interface Target {
  readonly found: Identified;
  readonly row: Row;
  readonly codec: OperationCodec;
}

class Call {
  readonly #parts: CallParts;
  readonly #request: Asking;
  readonly #response: Answering;
  readonly #inside: boolean;
  readonly #requestId: string;
  /** How an error is shown; gets better as more becomes known. */
  #shape: { readonly service: string | undefined; readonly protocol: Protocol };

  constructor(parts: CallParts, { request, response, inside }: Exchange) {
    this.#parts = parts;
    this.#inside = inside;
    this.#request = request;
    this.#response = response;
    this.#requestId = parts.random.uuid();
    this.#shape = { service: undefined, protocol: 'restJson1' };
  }

  start(): void {
    try {
      const { head, signature } = headOf(this.#request);
      const asked: Asked = { head, signature, found: identify(head) };
      this.#shape = asked.found;
      const row = this.#rowOf(asked);
      if (row?.authentication === 'own') this.#stream(asked, { principal: nobody });
      else {
        // Nobody fills the memory of a server that would not let them in anyway.
        this.#parts.authenticator.precheck(signature, this.#shape.protocol, row?.streaming);
        if (row?.streaming) this.#stream(asked, this.#authenticated(asked, undefined));
        else this.#read(asked, row);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #rowOf({ found }: Asked): Row | undefined {
    const row = 'operation' in found ? this.#parts.services[found.service]?.[found.operation] : undefined;
    return row !== undefined && 'handle' in row ? row : undefined;
  }

  #authenticated({ head, signature, found }: Asked, body: Buffer | undefined): Authenticated {
    const signingName = found.service === undefined ? undefined : modelled[found.service]?.signingName;
    return this.#parts.authenticator.authenticate({ ...head, body, signature, protocol: found.protocol, signingName });
  }

  /** The handler reads the body; what it leaves is read and forgotten when the answer is out. */
  #stream(asked: Asked, { principal, chunks, bodySha256 }: Authenticated): void {
    const { request, response } = this.#flowing();
    const body = new IncomingBody({
      request,
      headers: asked.head.headers,
      protocol: this.#shape.protocol,
      clock: this.#parts.clock,
      chunks,
      sha256: bodySha256,
      wanted: () => this.#continue(),
    });
    this.#parts.streaming.add(carrierOf(request));
    response.once('finish', () => this.#forget(request));
    this.#perform(asked, principal, emptyBody, body);
  }

  /** Some clients ask whether their body is wanted before they send it; one that is never asked for is not sent. */
  #continue(): void {
    if (this.#request.headers.expect === undefined || this.#request.httpVersionMajor >= 2) return;
    const { response } = this.#flowing();
    if (!response.headersSent) response.writeContinue();
  }

  /** The rest of a body that was not wanted, so that the connection can be used again. */
  #forget(request: Incoming): void {
    this.#parts.streaming.delete(carrierOf(request));
    if (request.complete || request.destroyed) return;
    const left = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY);
    if (left > discardedBytesMax) request.destroy();
    else request.resume();
  }

  /** Both ends of an exchange in which bodies come and go as they please. */
  #flowing(): { readonly request: Incoming; readonly response: Outgoing } {
    const request = this.#request;
    const response = this.#response;
    const flows = !('body' in request) && !(response instanceof DirectAnswer);
    invariant(flows, 'what comes whole is an Invoke, and is answered whole');
    return { request, response };
  }

  #read(asked: Asked, own: Row | undefined): void {
    const { found } = asked;
    const bytesMax = own?.requestBytesMax ?? bodyBytesMax;
    const request = this.#request;
    if ('body' in request) return this.#received(asked, request.body, own);
    this.#continue();
    readBody(request, {
      bytesMax,
      taken: (body) => this.#received(asked, body, own),
      tooLarge: (bytes, ended) => {
        const operation = 'operation' in found ? found.operation : undefined;
        this.#fail(own?.tooLarge?.(bytes) ?? bodyTooLarge(bytesMax, operation), ended ? [] : this.#closing());
      },
    });
  }

  #received(asked: Asked, body: Buffer, own: Row | undefined): void {
    try {
      const { head, found } = asked;
      const { principal, chunks } = this.#authenticated(asked, body);
      const { body: whole, trailers } = dechunkedBody(head.headers, body, chunks, found.protocol);
      own?.checkBody?.(whole, head.headers, trailers);
      // S3 keeps what it is given as it is given: there the encoding is a property of the object.
      const packed = head.headers['content-encoding'] === 'gzip' && found.service !== 's3';
      if (!packed) this.#perform(asked, principal, whole);
      else {
        const failed = (error: unknown) => this.#fail(error);
        unpacked(whole, own?.requestBytesMax ?? bodyBytesMax).then(
          (plain) => this.#perform(asked, principal, plain),
          failed,
        );
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #perform(asked: Asked, principal: Principal, body: Buffer, streamed?: RequestBody): void {
    try {
      const { head } = asked;
      const target = this.#target(asked, body);
      const { method, path, query, headers } = head;
      const input = target.codec.decode({ method, path, query, headers, body, labels: target.found.labels });
      const { service, operation, protocol } = target.found;
      const region = head.scope?.region || this.#parts.defaultRegion;
      const own = target.row.authentication === 'own';
      const accountId = own
        ? ''
        : authorise(this.#parts, {
            service,
            protocol,
            row: target.row,
            asked: { operation, input, region, accountId: principal.accountId, callerArn: principal.arn },
            principal,
            headers: head.headers,
            socket: this.#request.socket,
          });
      const context = new CallContext({
        service,
        operation,
        region,
        accountId,
        principal,
        requestId: this.#requestId,
        headers: head.headers,
        response: this.#response,
        inside: this.#inside,
        body: streamed,
      });
      const output: unknown = target.row.handle(input, context);
      if (output instanceof Promise) {
        output.then(
          (value) => this.#answer(target, context, value),
          (error) => this.#fail(error),
        );
      } else this.#answer(target, context, output);
    } catch (error) {
      this.#fail(error);
    }
  }

  #target({ head, found: first }: Asked, body: Buffer): Target {
    const found = 'form' in first ? identifyForm(head, first.service, body) : first;
    this.#shape = found;
    if ('error' in found) throw found.error;
    const { service, operation, protocol } = found;
    const table = this.#parts.services[service];
    if (table === undefined) throw notImplemented(found, `the service "${service}" is not there yet`);
    const row = table[operation];
    if (row === undefined) throw notImplemented(found, 'the table of its service has no row for it');
    if ('unsupported' in row) throw notImplemented(found, row.unsupported);
    const codec = row.codec ?? operationCodec(service, operation, protocol);
    invariant(codec, 'what routing found is in the model');
    return { found, row, codec };
  }

  #answer({ codec }: Target, { responseHeaders, responseStatus }: CallContext, output: unknown): void {
    try {
      const reply = { requestId: this.#requestId, failure: (error: unknown) => this.#told(error) };
      const extra = this.#idHeaders();
      for (const name of Object.keys(responseHeaders)) extra.push(name, responseHeaders[name] ?? '');
      const wire = codec.encode(output, reply);
      respond(this.#response, responseStatus === undefined ? wire : { ...wire, status: responseStatus }, extra);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(thrown: unknown, extra: readonly string[] = []): void {
    const error = this.#told(thrown);
    const response = this.#response;
    if (response.headersSent || isGone(response)) {
      response.destroy();
      return;
    }
    const wire = renderError({ ...this.#shape, error, requestId: this.#requestId });
    respond(response, wire, [...this.#idHeaders(), ...extra]);
  }

  #told(error: unknown): AwsError {
    return toldError(this.#parts.log, error, this.#shape.protocol, this.#requestId);
  }

  /** S3 has two, of which the second means something to AWS alone. */
  #idHeaders(): string[] {
    const id = this.#requestId;
    return this.#shape.protocol === 'restXml' ? ['x-amz-request-id', id, 'x-amz-id-2', id] : ['x-amzn-requestid', id];
  }

  /** HTTP/2 has no such header: there the stream ends by itself. */
  #closing(): string[] {
    return this.#request.httpVersionMajor < 2 ? ['connection', 'close'] : [];
  }
}

/** What one request at a time comes by. */
export function carrierOf(request: Incoming): object {
  return 'stream' in request ? request.stream : request.socket;
}

/** Until the operation itself has found out who sends. */
const nobody: Principal = { kind: 'anonymous', accountId: '', arn: '' };

/** What is known before the body is there. */
interface Asked {
  readonly head: Head;
  readonly signature: SignedRequest['signature'];
  readonly found: Identified | Unidentified | InBody;
}

function headOf(request: Asking): Pick<Asked, 'head' | 'signature'> {
  const { method = 'GET', url = '/' } = request;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const headers = flatHeaders(request);
  const signature = readSignature(headers, query);
  const scope = typeof signature === 'object' ? signature.scope : undefined;
  return { head: { method, path, query, headers, scope }, signature };
}

/** One text for each name: Node.js gives a list for set-cookie alone. HTTP/2 says `:authority` for host. */
function flatHeaders({ headers, httpVersionMajor }: Asking): Headers {
  const plain = headers['set-cookie'] === undefined ? headers : { ...headers, 'set-cookie': undefined };
  const flat = plain as Headers; // set-cookie was the only list
  return httpVersionMajor < 2 ? flat : { host: flat[':authority'], ...flat };
}
