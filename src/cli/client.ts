/** Talks to a server as any AWS client does: signed HTTP requests, JSON in and out, AWS errors as such. */
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { type Credentials, signed } from '../aws/sigv4/sign.ts';
import type { Arguments } from '../config/flags.ts';
import { UsageError } from '../config/flags.ts';
import type { Outside } from './command.ts';
import { CommandError, exitCodes } from './exit.ts';
import { printable } from './text.ts';

export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Encoded already. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly service: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** The server answered with an AWS error. */
export class RefusedError extends CommandError {
  readonly code: string;
  readonly status: number;

  constructor({ code, message, status }: { code: string; message: string; status: number }) {
    super(exitCodes.refused, `${printable(code)}: ${printable(message)}`);
    this.code = code;
    this.status = status;
  }
}

// Longer than the longest synchronous invocation (15 minutes), so that only a dead server meets it.
const silenceMsMax = 16 * 60 * 1000;
const replyBytesMax = 256 * 1024 * 1024;

interface ClientOptions {
  readonly endpoint: URL;
  readonly region: string;
  readonly credentials: Credentials;
  readonly now: () => number;
  /** Certificates in PEM form. */
  readonly authorities?: string | undefined;
}

export class Client {
  readonly endpoint: URL;
  readonly region: string;
  readonly #credentials: Credentials;
  readonly #now: () => number;
  /** Whom to believe a certificate, besides those that everybody believes. */
  readonly #authorities: string | undefined;

  constructor(options: ClientOptions) {
    this.endpoint = options.endpoint;
    this.region = options.region;
    this.#credentials = options.credentials;
    this.#now = options.now;
    this.#authorities = options.authorities;
  }

  /** Sends and returns a 2xx or 3xx answer; throws `RefusedError` for an AWS error. */
  async call(call: Call): Promise<Reply> {
    const reply = await this.#exchange(call);
    if (reply.status >= 400) throw refusal(reply, this.endpoint);
    return reply;
  }

  /** A call whose answer is a JSON object. */
  async json(call: Call): Promise<Record<string, unknown>> {
    const reply = await this.call(call);
    return reply.body.length === 0 ? {} : parsedObject(reply.body, this.endpoint);
  }

  /** An operation of a service that speaks awsJson1.1, as CloudWatch Logs: `target` is `Logs_20140328.FilterLogEvents`. */
  operation(service: string, target: string, input: object): Promise<Record<string, unknown>> {
    return this.json({
      method: 'POST',
      path: '/',
      service,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
      body: Buffer.from(JSON.stringify(input)),
    });
  }

  #exchange(call: Call): Promise<Reply> {
    const url = new URL(this.endpoint.pathname.replace(/\/$/, '') + call.path, this.endpoint);
    for (const [key, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.append(key, value);
    }
    const body = call.body ?? Buffer.alloc(0);
    const scope = { service: call.service, region: this.region, now: this.#now() };
    const headers = signed({ method: call.method, url, headers: call.headers ?? {}, body }, this.#credentials, scope);
    const sent = { ...headers, 'content-length': String(body.length) };
    return exchange(url, { method: call.method, headers: sent, body, authorities: this.#authorities });
  }
}

/** The client that flags and environment ask for. */
export function clientFor({ flags }: Arguments, { env, clock }: Outside): Client {
  const given = textOf(flags.endpoint) ?? env.LAMBENT_ENDPOINT ?? env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:4566';
  return new Client({
    endpoint: endpointOf(given),
    region: textOf(flags.region) ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1',
    // An open server takes any; a signed one says what is wrong with these.
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID || 'lambent',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY || 'lambent',
      ...(env.AWS_ACCESS_KEY_ID && env.AWS_SESSION_TOKEN && { sessionToken: env.AWS_SESSION_TOKEN }),
    },
    now: clock.now,
    authorities: authoritiesIn(env.AWS_CA_BUNDLE),
  });
}

function endpointOf(given: string): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UsageError(`Cannot use endpoint ${JSON.stringify(given)}: expected a URL, as http://127.0.0.1:4566`);
}

/** The file that the AWS CLI and the SDK for Python take as well. */
function authoritiesIn(path: string | undefined): string | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(exitCodes.data, `cannot read AWS_CA_BUNDLE: ${why}`);
  }
}

interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly authorities: string | undefined;
}

async function exchange(url: URL, { method, headers, body, authorities }: Sent): Promise<Reply> {
  const { request, ca } = url.protocol === 'https:' ? await secured(authorities) : { request: httpRequest };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, ca, agent: false, timeout: silenceMsMax }, (incoming) => {
      collected(incoming).then(resolve, (error: unknown) => reject(unreachable(url, error)));
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
    outgoing.on('error', (error) => reject(unreachable(url, error)));
    outgoing.end(body);
  });
}

/** What most commands do not need is not loaded for them. */
async function secured(authorities: string | undefined) {
  const [{ request }, { getCACertificates }] = await Promise.all([import('node:https'), import('node:tls')]);
  return { request, ca: authorities === undefined ? undefined : [...getCACertificates(), authorities] };
}

async function collected(incoming: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > replyBytesMax) throw new Error(`the answer is larger than ${replyBytesMax} bytes`);
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  return { status: incoming.statusCode ?? 0, headers, body: Buffer.concat(chunks) };
}

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed by the server',
  ENOTFOUND: 'no such host',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'connection timed out',
};

const untrusted = '; name whom to believe its certificate in AWS_CA_BUNDLE, a file in PEM form';
const hints: Readonly<Record<string, string>> = {
  ECONNREFUSED: '; start it with: lambent up',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
};

function unreachable(url: URL, error: unknown): CommandError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const cause = causes[code] ?? (error instanceof Error ? error.message : String(error));
  const hint = hints[code] ?? '';
  return new CommandError(exitCodes.unavailable, `cannot reach ${url.origin}: ${cause}${hint}`);
}

function refusal({ status, headers, body }: Reply, endpoint: URL): CommandError {
  const fields = fieldsOf(body) ?? xmlError(body);
  const named = headers['x-amzn-errortype'] ?? textOf(fields?.__type) ?? textOf(fields?.code);
  const message = textOf(fields?.message) ?? textOf(fields?.Message) ?? '';
  if (named === undefined && message !== '') return new CommandError(exitCodes.refused, printable(message));
  if (named === undefined) {
    return new CommandError(
      exitCodes.data,
      `${endpoint.origin} answered ${status} without an AWS error; is it Lambent?`,
    );
  }
  const code = named.split(':')[0]?.split('#').at(-1) ?? named;
  return new RefusedError({ code, message, status });
}

function fieldsOf(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** As query services answer. */
function xmlError(body: Buffer): Record<string, unknown> | undefined {
  const [, code, message] = /<Code>([^<]*)<\/Code>\s*<Message>([^<]*)<\/Message>/.exec(body.toString()) ?? [];
  return code === undefined ? undefined : { code, message };
}

function parsedObject(body: Buffer, endpoint: URL): Record<string, unknown> {
  const fields = fieldsOf(body);
  if (fields === undefined) throw new CommandError(exitCodes.data, `${endpoint.origin} did not answer with JSON`);
  return fields;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Only text counts: what a server says is not believed to have the right type. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function objectsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
