/** What an integration gets of a request: mapped parameters, and a body that a template may have made. */
import type { IntegrationDocument } from '../../store/restapis/rest-record.ts';
import { byName, headerOf, queryPairs } from '../http/http-call.ts';
import { contextOf } from './context.ts';
import type { Exchange, Texts } from './exchange.ts';
import { headersOf, type Named, requestValues } from './expression.ts';
import { configurationError, unsupportedType } from './failure.ts';
import { jsonAt } from './json-path.ts';
import { isBinaryType, plainType } from './media-types.ts';
import type { InputSource } from './template/objects.ts';
import { type Rendered, renderTemplate } from './template/render.ts';
import { TemplateError } from './template/values.ts';

type Pairs = readonly (readonly [name: string, value: string])[];

export interface IntegrationRequest {
  readonly headers: Pairs;
  readonly query: Pairs;
  /** For the variables of a URL; encoded as they are to stand there. */
  readonly path: Texts;
  readonly body: Buffer;
}

/** A body is made by the template of its type, or passed on where the integration lets it. */
export function integrationRequest(exchange: Exchange, integration: IntegrationDocument): IntegrationRequest {
  const { headers, query, path } = mappedParameters(exchange, integration);
  const rendered = renderedBody(exchange, integration);
  if (rendered === undefined) return { headers, query, path, body: converted(exchange, integration) };
  return {
    headers: overridden(headers, rendered.header, true),
    query: overridden(query, rendered.querystring, false),
    path: { ...path, ...encodedAll(rendered.path) },
    body: Buffer.from(rendered.text),
  };
}

export function mappedParameters(
  exchange: Exchange,
  { requestParameters }: IntegrationDocument,
): Omit<IntegrationRequest, 'body'> {
  const named: Named = { at: exchange, context: contextOf(exchange) };
  const headers: [string, string][] = [];
  const query: [string, string][] = [];
  const path: [string, string][] = [];
  for (const [target, expression] of Object.entries(requestParameters ?? {})) {
    const [, place, name = ''] = /^integration\.request\.(path|querystring|header)\.(.+)$/.exec(target) ?? [];
    const values = valuesOf(named, expression);
    if (values === undefined) continue;
    if (place === 'header') headers.push(...values.map((value): [string, string] => [name, value]));
    else if (place === 'querystring') query.push(...values.map((value): [string, string] => [name, value]));
    // What came in a path is encoded already.
    else
      path.push([
        name,
        expression.startsWith('method.request.path.') ? (values[0] ?? '') : encodeURIComponent(values[0] ?? ''),
      ]);
  }
  return { headers, query, path: Object.fromEntries(path) };
}

function valuesOf(named: Named, expression: string): readonly string[] | undefined {
  const body = /^method\.request\.body(?:\.(.+))?$/.exec(expression);
  if (body === null) return requestValues(named, expression);
  const text = named.at.call.body.toString();
  return [body[1] === undefined ? text : bodyValue(text, body[1])].filter((each) => each !== undefined);
}

/** `a.b[0]` of a JSON text, as a text. */
export function bodyValue(text: string, path: string): string | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  const value = jsonAt(document, `$.${path}`);
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Undefined where there is no template and the body passes as it is. */
function renderedBody(
  exchange: Exchange,
  { requestTemplates = {}, passthroughBehavior }: IntegrationDocument,
): Rendered | undefined {
  const { call, stageVariables } = exchange;
  const type = plainType(headerOf(call, 'content-type')) || 'application/json';
  const template = Object.entries(requestTemplates).find(([each]) => plainType(each) === type)?.[1];
  if (template !== undefined) {
    const input = { body: call.body.toString(), params: paramsOf(exchange) };
    return render(template, { input, context: contextOf(exchange), stageVariables });
  }
  const templates = Object.keys(requestTemplates).length > 0;
  if (passthroughBehavior === 'NEVER' || (passthroughBehavior === 'WHEN_NO_TEMPLATES' && templates))
    throw unsupportedType();
  return undefined;
}

export function render(template: string, given: Parameters<typeof renderTemplate>[1]): Rendered {
  try {
    return renderTemplate(template, given);
  } catch (error) {
    if (error instanceof TemplateError) throw configurationError(`The mapping template failed: ${error.message}`);
    throw error;
  }
}

export function paramsOf(exchange: Exchange): InputSource['params'] {
  const query = [...byName(queryPairs(exchange.call.query))].map(([name, values]) => [name, values.at(-1) ?? '']);
  return { path: exchange.pathParameters, querystring: Object.fromEntries(query), header: headersOf(exchange) };
}

function converted({ call, content }: Exchange, { contentHandling }: IntegrationDocument): Buffer {
  const binary = isBinaryType(content.api.binaryMediaTypes, headerOf(call, 'content-type'));
  if (contentHandling === 'CONVERT_TO_TEXT' && binary) return Buffer.from(call.body.toString('base64'));
  if (contentHandling === 'CONVERT_TO_BINARY' && !binary) return Buffer.from(call.body.toString(), 'base64');
  return call.body;
}

function overridden(pairs: Pairs, by: Texts, anyCase: boolean): Pairs {
  const key = (name: string) => (anyCase ? name.toLowerCase() : name);
  const names = new Set(Object.keys(by).map(key));
  return [...pairs.filter(([name]) => !names.has(key(name))), ...Object.entries(by)];
}

function encodedAll(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, encodeURIComponent(value)]));
}
