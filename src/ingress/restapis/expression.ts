/** What a mapping names of a request: `method.request.header.x`, `context.x`, `stageVariables.x`, `'text'`. */
import { byName, headerOf, queryPairs } from '../http/http-call.ts';
import { type ContextValues, contextText } from './context.ts';
import { type Arrival, type Exchange, isMatched, type Texts } from './exchange.ts';

export interface Named {
  readonly at: Arrival | Exchange;
  readonly context: ContextValues;
}

/** Undefined for what there is not. */
export function requestValue({ at, context }: Named, expression: string): string | undefined {
  if (expression.startsWith("'")) return expression.slice(1, -1);
  if (expression.startsWith('context.')) return contextText(context, expression.slice('context.'.length));
  if (expression.startsWith('stageVariables.'))
    return own(at.stageVariables, expression.slice('stageVariables.'.length));
  const [, place = '', name = ''] =
    /^method\.request\.(path|querystring|header|multivaluequerystring|multivalueheader)\.(.+)$/.exec(expression) ?? [];
  if (place === 'path') return isMatched(at) ? own(at.pathParameters, name) : undefined;
  return parameterValues(at, place, name)?.at(-1);
}

/** All values where a mapping asks for many, the last where it asks for one. */
export function requestValues(named: Named, expression: string): readonly string[] | undefined {
  const [, place, name] = /^method\.request\.multivalue(querystring|header)\.(.+)$/.exec(expression) ?? [];
  if (place !== undefined && name !== undefined) return parameterValues(named.at, place, name);
  const value = requestValue(named, expression);
  return value === undefined ? undefined : [value];
}

function parameterValues({ call }: Arrival, place: string, name: string): readonly string[] | undefined {
  if (place.endsWith('querystring')) return byName(queryPairs(call.query)).get(name);
  const values = call.headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  return values.length === 0 ? undefined : values;
}

export function headersOf({ call }: Arrival): Texts {
  return Object.fromEntries(call.headers.map(([name]) => [name, headerOf(call, name.toLowerCase()) ?? '']));
}

function own(values: Texts, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
