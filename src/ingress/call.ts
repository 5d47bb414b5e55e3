/** The way of one AWS request: whose it is, which operation, what it says, what is answered. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../aws/errors.ts';
import { services as modelled } from '../aws/models.ts';
import type { AnyTable, Principal, RequestContext } from '../aws/operation.ts';
import type { OperationCodec } from '../aws/protocol/codec.ts';
import { renderError } from '../aws/protocol/error.ts';
import { operationCodec } from '../aws/protocol/operation-codec.ts';
import { type Head, type Identified, identify, identifyForm } from '../aws/route/identify.ts';
import { readSignature } from '../aws/sigv4/signature.ts';
import type { Random } from '../base/random.ts';
import type { Authenticator } from '../iam/authenticate.ts';
import type { Log } from '../observe/log.ts';
import { readBody, unpacked } from './body.ts';
import { respond } from './respond.ts';

export interface CallParts {
  readonly services: Readonly<Record<string, AnyTable>>;
  readonly authenticator: Authenticator;
  readonly defaultRegion: string;
  readonly log: Log;
  readonly random: Random;
}

type Found = ReturnType<typeof identify>;

export async function answerCall(parts: CallParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = parts.random.uuid();
  const headers = flat(request);
  const [path = '/', query = ''] = split(request.url ?? '/');
  const signature = readSignature(headers, query);
  const scope = typeof signature === 'object' ? signature.scope : undefined;
  const head: Head = { method: request.method ?? 'GET', path, query, headers, scope };
  let found: Found = { service: undefined, protocol: 'restJson1', error: malformed() };
  try {
    found = identify(head);
    const body = await readBody(request);
    const plain = await unpacked(body, headers['content-encoding']);
    if ('form' in found) found = identifyForm(head, found.service, plain);
    if ('error' in found) throw found.error;
    const signingName = modelled[found.service]?.signingName;
    const signed = { ...head, body, signature, protocol: found.protocol, signingName };
    const { principal } = parts.authenticator.authenticate(signed);
    const context = contextOf(parts, { head, found, principal, requestId, response });
    const output = await perform(parts, { found, context, head, body: plain });
    const extra = Object.entries(context.responseHeaders).flat();
    respond(response, output, ['x-amzn-requestid', requestId, ...extra]);
  } catch (error) {
    const { service, protocol } = found;
    const told = toldError(parts.log, error, requestId);
    respond(response, renderError({ service, protocol, error: told, requestId }), ['x-amzn-requestid', requestId]);
  }
}

function malformed(): AwsError {
  return new AwsError({ code: 'BadRequestException', message: 'The request line cannot be read', status: 400 });
}

interface Performance {
  readonly found: Identified;
  readonly context: RequestContext;
  readonly head: Head;
  readonly body: Buffer;
}

async function perform(parts: CallParts, { found, context, head, body }: Performance) {
  const { service, operation, labels } = found;
  const row = parts.services[service]?.[operation];
  if (row === undefined) throw notThere(service, operation, `the service "${service}" is not there yet`);
  if ('unsupported' in row) throw notThere(service, operation, row.unsupported);
  const codec = codecOf(found);
  if (body.length > (row.requestBytesMax ?? Number.POSITIVE_INFINITY)) throw row.tooLarge?.(body.length);
  const input = codec.decode({ ...head, body, labels });
  const output = await row.handle(input, context);
  const failure = (error: unknown) => toldError(parts.log, error, context.requestId);
  return codec.encode(output, { requestId: context.requestId, failure });
}

function codecOf({ service, operation, protocol }: Identified): OperationCodec {
  const codec = operationCodec(service, operation, protocol);
  if (codec === undefined) throw notThere(service, operation, 'its model is not there');
  return codec;
}

interface ContextInput {
  readonly head: Head;
  readonly found: Identified;
  readonly principal: Principal;
  readonly requestId: string;
  readonly response: ServerResponse;
}

function contextOf(parts: CallParts, { head, found, principal, requestId, response }: ContextInput): RequestContext {
  let aborter: AbortController | undefined;
  return {
    service: found.service,
    operation: found.operation,
    region: head.scope?.region || parts.defaultRegion,
    accountId: principal.accountId,
    principal,
    requestId,
    endpoint: `http://${head.headers.host ?? ''}`,
    headers: head.headers,
    // Made when somebody asks for it: most requests never do.
    get signal() {
      if (aborter === undefined) {
        aborter = new AbortController();
        response.once('close', () => response.writableFinished || aborter?.abort());
      }
      return aborter.signal;
    },
    responseHeaders: {},
  };
}

/** What is not the caller's fault is said in the log, with its stack; the caller learns where to look. */
function toldError(log: Log, error: unknown, requestId: string): AwsError {
  if (error instanceof AwsError) return error;
  // A path or query with an escape that is none.
  if (error instanceof URIError) return malformed();
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error('A request failed inside the server', { requestId, why });
  const message = `The server failed at this request; its log says why under request id ${requestId}`;
  return new AwsError({ code: 'ServiceException', message, status: 500 });
}

function notThere(service: string, operation: string, why: string): AwsError {
  const message = `The operation ${service}:${operation} is not implemented: ${why}`;
  return new AwsError({ code: 'NotImplementedException', message, status: 501 });
}

function split(url: string): [string, string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

/** One text for each name; Node.js gives a list for set-cookie alone. */
function flat({ headers }: IncomingMessage): Readonly<Record<string, string | undefined>> {
  return headers['set-cookie'] === undefined
    ? (headers as Record<string, string | undefined>)
    : { ...headers, 'set-cookie': undefined };
}
