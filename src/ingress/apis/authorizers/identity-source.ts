/** `$request.header.Authorization` and its like: what of a request says who sends it. */
import { byName, headerOf, queryPairs } from '../../http/http-call.ts';
import type { Exchange } from '../exchange.ts';
import { variableOf } from '../variables.ts';

export function identityOf(exchange: Exchange, source: string): string | undefined {
  const { call } = exchange;
  const [, place = '', name = ''] = /^\$?(?:route\.)?request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
  if (place === 'header') return headerOf(call, name.toLowerCase());
  if (place === 'querystring') return byName(queryPairs(call.query)).get(name)?.join(',');
  return variableOf(exchange, source.replace(/^\$/, ''));
}
