/** The Extensions API 2020-01-01: what extensions ask for over HTTP. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../runtime-api/request-body.ts';
import { type Refusal, send } from '../runtime-api/session.ts';
import type { Extension } from './extension.ts';
import type { Extensions } from './extensions.ts';
import * as refusals from './refusals.ts';

const base = '/2020-01-01/extension';

export interface ExtensionCall {
  readonly extensions: Extensions;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** False when the path is none of this API's. */
export function routeExtension(call: ExtensionCall, path: string): boolean {
  if (!path.startsWith(`${base}/`)) return false;
  const handle = routes[`${call.request.method} ${path.slice(base.length)}`];
  if (handle === undefined) return false;
  handle(call);
  return true;
}

const routes: Readonly<Record<string, (call: ExtensionCall) => void>> = {
  'POST /register': register,
  'GET /event/next': next,
  'POST /init/error': (call) => failed(call, 'init-error'),
  'POST /exit/error': (call) => failed(call, 'exit-error'),
};

function register({ extensions, request, response }: ExtensionCall): void {
  readBody(request, (body) => {
    const events = body.kind === 'whole' ? eventsOf(body.bytes) : undefined;
    if (events === undefined) return refuse(response, refusals.invalidFormat);
    const extension = extensions.register(header(request, 'lambda-extension-name'), events);
    if ('errorType' in extension) return refuse(response, extension);
    const { accountId, ...facts } = extensions.facts;
    const features = header(request, 'lambda-extension-accept-feature').split(',');
    const wanted = features.some((feature) => feature.trim().toLowerCase() === 'accountid');
    response.setHeader('Lambda-Extension-Identifier', extension.identifier ?? '');
    send(response, 200, Buffer.from(JSON.stringify(wanted ? { ...facts, accountId } : facts)));
  });
}

function next(call: ExtensionCall): void {
  const { extensions, response } = call;
  const extension = caller(call);
  const refusal = 'errorType' in extension ? extension : extensions.next(extension, response);
  if (refusal !== undefined) refuse(response, refusal);
}

function failed(call: ExtensionCall, how: 'init-error' | 'exit-error'): void {
  const { extensions, request, response } = call;
  readBody(request, () => {
    const extension = caller(call);
    if ('errorType' in extension) return refuse(response, extension);
    const type = header(request, 'lambda-extension-function-error-type');
    if (type === '') return refuse(response, refusals.missingErrorType);
    const refusal = extensions.failed(extension, how, type);
    send(response, refusal?.status ?? 202, refusal);
  });
}

/** Whose identifier the request carries. */
export function caller({ extensions, request }: Omit<ExtensionCall, 'response'>): Extension | Refusal {
  const identifier = header(request, 'lambda-extension-identifier');
  if (identifier === '') return refusals.missingIdentifier;
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(identifier)) return refusals.invalidIdentifier;
  return extensions.find(identifier) ?? refusals.unknownIdentifier(identifier);
}

function eventsOf(bytes: Buffer): string[] | undefined {
  try {
    const given: unknown = JSON.parse(bytes.toString());
    if (typeof given !== 'object' || given === null) return undefined;
    const { events = [] } = given as { events?: unknown };
    return Array.isArray(events) && events.every((event) => typeof event === 'string') ? events : undefined;
  } catch {
    return undefined;
  }
}

function header({ headers }: IncomingMessage, name: string): string {
  return String(headers[name] ?? '');
}

function refuse(response: ServerResponse, refusal: Refusal): void {
  send(response, refusal.status, refusal);
}
