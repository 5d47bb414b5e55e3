/** Parameter mapping: what an API changes of a request before its integration sees it, and of the response after. */
import { parseChange } from '../../services/apigatewayv2/check-mapping.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { isHeader } from '../http/answer.ts';
import { byName, headerOf, queryPairs } from '../http/http-call.ts';
import type { Exchange } from './exchange.ts';
import { jsonPath } from './json-path.ts';
import { variableOf } from './variables.ts';

type Pairs = readonly (readonly [name: string, value: string])[];
type Lookup = (name: string) => string | undefined;

/** From a body larger than this nothing is read but the body itself. */
const readBytesMax = 100 * 1024;

/** The exchange as its integration is to see it. */
export function mappedRequest(exchange: Exchange, parameters: Readonly<Record<string, string>> = {}): Exchange {
  const changes = Object.entries(parameters);
  if (changes.length === 0) return exchange;
  const lookup: Lookup = (name) => requestValue(exchange, name);
  let headers: Pairs = exchange.call.headers;
  let query: Pairs = queryPairs(exchange.call.query);
  let { path } = exchange;
  for (const [key, template] of changes) {
    const change = parseChange(key, 'request');
    if (change === undefined) continue;
    const value = filled(template, lookup);
    if (change.place === 'header') headers = changed(headers, { ...change, value, sameCase: false });
    else if (change.place === 'querystring') query = changed(query, { ...change, value, sameCase: true });
    else path = value.startsWith('/') ? value : `/${value}`;
  }
  const text = query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  const sameQuery = !changes.some(([key]) => key.includes(':querystring.'));
  return { ...exchange, path, call: { ...exchange.call, headers, query: sameQuery ? exchange.call.query : text } };
}

function requestValue(exchange: Exchange, name: string): string | undefined {
  const { call, path, pathParameters } = exchange;
  const [, place = '', rest = ''] = /^request\.(header|querystring|path|body)(?:\.(.+))?$/.exec(name) ?? [];
  if (place === '') return variableOf(exchange, name);
  if (place === 'header') return headerOf(call, rest.toLowerCase());
  if (place === 'querystring') return byName(queryPairs(call.query)).get(rest)?.join(',');
  if (place === 'body') return bodyValue(call.body, rest);
  if (rest === '') return path;
  return Object.hasOwn(pathParameters, rest) ? pathParameters[rest] : undefined;
}

/** The parameters that are for the answer's own status. */
export function mappedAnswer(
  exchange: Exchange,
  answer: HttpAnswer,
  byStatus: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): HttpAnswer {
  const parameters = Object.hasOwn(byStatus, String(answer.status)) ? byStatus[answer.status] : undefined;
  let { status, headers } = answer;
  const lookup: Lookup = (name) => responseValue(exchange, answer, name);
  for (const [key, template] of Object.entries(parameters ?? {})) {
    const change = parseChange(key, 'response');
    if (change === undefined) continue;
    const value = filled(template, lookup);
    if (change.place === 'header') headers = changed(headers, { ...change, value, sameCase: false });
    else if (/^[2-5]\d\d$/.test(value)) status = Number(value);
  }
  return { ...answer, status, headers };
}

function responseValue(exchange: Exchange, { headers, body }: HttpAnswer, name: string): string | undefined {
  const [, place = '', rest = ''] = /^response\.(header|body)(?:\.(.+))?$/.exec(name) ?? [];
  if (place === '') return variableOf(exchange, name);
  return place === 'header' ? headerOf({ headers }, rest.toLowerCase()) : bodyValue(body, rest);
}

function bodyValue(body: Buffer, path: string): string | undefined {
  if (path === '') return body.toString();
  return body.length > readBytesMax ? undefined : jsonPath(body.toString(), path);
}

/** What has no value is nothing. */
function filled(template: string, lookup: Lookup): string {
  return template.replace(/\$\{([^}]*)\}|\$([A-Za-z][\w.[\]-]*)/g, (_, braced?: string, plain?: string) => {
    return lookup(braced ?? plain ?? '') ?? '';
  });
}

interface PairChange {
  readonly action: 'append' | 'overwrite' | 'remove';
  readonly name: string;
  readonly value: string;
  readonly sameCase: boolean;
}

function changed(pairs: Pairs, { action, name, value, sameCase }: PairChange): Pairs {
  const same = (other: string) => (sameCase ? other === name : other.toLowerCase() === name.toLowerCase());
  const others = action === 'append' ? pairs : pairs.filter(([each]) => !same(each));
  // A value from a client's body may hold what no header can.
  if (action === 'remove' || value === '' || (!sameCase && !isHeader(name, value))) return others;
  return [...others, [name, value]];
}
