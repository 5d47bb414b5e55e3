/** What REST protocols take from a request's line and headers: labels, query, headers. */
import { readText } from '../codec/form.ts';
import { setOwn } from '../codec/record.ts';
import { itemOf } from '../codec/tree.ts';
import { parseQuery } from '../codec/uri.ts';
import type { MemberModel } from '../model.ts';
import type { WireRequest } from '../wire.ts';

export type Bind = (request: WireRequest, input: Record<string, unknown>) => void;

export function inputBinds(members: Readonly<Record<string, MemberModel>>): Bind[] {
  const entries = Object.entries(members);
  const queries = entries.filter(([, { in: place }]) => place === 'query' || place === 'queryParams');
  const binds = entries.map(([name, member]) => bindOf(name, member)).filter((bind) => bind !== undefined);
  return queries.length === 0 ? binds : [...binds, queryBind(queries)];
}

function bindOf(name: string, member: MemberModel): Bind | undefined {
  const at = member.at ?? '';
  switch (member.in) {
    case 'label':
      return ({ labels }, input) => {
        const text = labels[name];
        if (text !== undefined) input[name] = readText(member, text);
      };
    case 'header':
      return ({ headers }, input) => {
        const text = headers[at];
        if (text !== undefined) input[name] = readHeader(member, text);
      };
    case 'prefixHeaders':
      return ({ headers }, input) => {
        const found: Record<string, unknown> = {};
        for (const [key, text] of Object.entries(headers)) {
          if (key.startsWith(at) && text !== undefined) setOwn(found, key.slice(at.length), text);
        }
        if (Object.keys(found).length > 0) input[name] = found;
      };
    default:
      return undefined;
  }
}

function readHeader(member: MemberModel, text: string): unknown {
  if (member.type === 'list') return text.split(',').map((item) => readText(itemOf(member), item.trim()));
  return readText(member, text);
}

/** One pass over the query for all members that live there. */
function queryBind(members: readonly (readonly [string, MemberModel])[]): Bind {
  const named = new Map(
    members.flatMap(([name, member]) => (member.in === 'query' ? [[member.at, { name, member }] as const] : [])),
  );
  const rest = members.find(([, member]) => member.in === 'queryParams');
  return ({ query }, input) => {
    if (query === '') return;
    for (const [key, text] of parseQuery(query)) {
      const known = named.get(key);
      if (known !== undefined) addQuery(input, known.name, known.member, text);
      else if (rest !== undefined) addParam(input, rest, key, text);
    }
  };
}

function addQuery(input: Record<string, unknown>, name: string, member: MemberModel, text: string): void {
  if (member.type !== 'list') {
    input[name] = readText(member, text);
    return;
  }
  const item = readText(itemOf(member), text);
  const list = input[name];
  if (Array.isArray(list)) list.push(item);
  else input[name] = [item];
}

function addParam(
  input: Record<string, unknown>,
  [name, member]: readonly [string, MemberModel],
  key: string,
  text: string,
): void {
  const params = (input[name] ?? {}) as Record<string, unknown>; // only this function makes it
  const item = itemOf(member);
  const held = Object.hasOwn(params, key) ? params[key] : undefined;
  if (item.type !== 'list') setOwn(params, key, readText(item, text));
  else setOwn(params, key, [...(Array.isArray(held) ? held : []), text]);
  input[name] = params;
}
