/** Patch operations: `{op, path, value}` on a document, where each kind of document says which paths it has. */
import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { badRequest } from './parts.ts';

/**
 * What stands at a path. `optional`: a text, of which the empty one is none. `item`: the path's last part is a member of a list; `listed`: the value is one. `whole`: can
 * only be taken away.
 */
export type FieldKind = 'text' | 'optional' | 'integer' | 'number' | 'boolean' | 'item' | 'listed' | 'whole';

/** By path; a part `*` stands for the name of an entry. */
export type Fields = Readonly<Record<string, FieldKind>>;

const opsOf: Readonly<Record<FieldKind, readonly string[]>> = {
  text: ['add', 'replace', 'remove'],
  optional: ['add', 'replace', 'remove'],
  integer: ['add', 'replace', 'remove'],
  number: ['add', 'replace', 'remove'],
  boolean: ['add', 'replace', 'remove'],
  item: ['add', 'replace', 'remove'],
  listed: ['add', 'remove'],
  whole: ['remove'],
};

const operationsMax = 100;

/** The document as it is after all of them; the first that does not hold throws, and nothing has changed. */
export function patched<T extends object>(
  document: T,
  operations: readonly PatchOperation[] | undefined,
  fields: Fields,
): T {
  const all = operations ?? [];
  if (all.length > operationsMax) throw badRequest(`A request has at most ${operationsMax} patch operations`);
  return all.reduce((before, operation) => applied(before, operation, fields), document);
}

/** Parts of a path, with `~1` and `~0` for `/` and `~` in them. */
export function partsOf(path: string | undefined): string[] {
  return (path ?? '').split('/').slice(1).map(unescaped);
}

function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function applied<T extends object>(document: T, operation: PatchOperation, fields: Fields): T {
  const { op = '', path = '', value } = operation;
  const parts = partsOf(path);
  const kind = kindAt(parts, fields);
  if (kind === undefined || !opsOf[kind].includes(op)) throw invalidPath(operation, fields);
  if (kind === 'item')
    return changedAt(document, parts.slice(0, -1), (list) => listAfter(list, op, parts.at(-1), value));
  if (kind === 'listed') return changedAt(document, parts, (list) => listAfter(list, op, value));
  const next = op === 'remove' ? undefined : parsedValue(kind, value, path);
  return changedAt(document, parts, () => next);
}

function kindAt(parts: readonly string[], fields: Fields): FieldKind | undefined {
  for (const [pattern, kind] of Object.entries(fields)) {
    const wanted = pattern.split('/').slice(1);
    if (wanted.length === parts.length && wanted.every((part, at) => part === '*' || part === parts[at])) return kind;
  }
  return undefined;
}

export function invalidPath({ op, path }: PatchOperation, fields: Fields) {
  const known = Object.entries(fields).filter(([, kind]) => opsOf[kind].includes(op ?? ''));
  const paths = known.map(([pattern]) => pattern.replaceAll('*', '{name}')).join(', ');
  return badRequest(`Invalid patch path  '${path ?? ''}' specified for op '${op ?? ''}'. Must be one of: [${paths}]`);
}

function parsedValue(kind: FieldKind, value: string | undefined, path: string): unknown {
  if (kind === 'text') return value ?? '';
  if (kind === 'optional') return value === '' ? undefined : value;
  if (kind === 'boolean') {
    if (!/^(true|false)$/i.test(value ?? '')) throw invalidValue(path, 'true or false');
    return value?.toLowerCase() === 'true';
  }
  if (value === undefined || value === '') return undefined;
  const number = Number(value);
  if (kind === 'integer' && !Number.isSafeInteger(number)) throw invalidValue(path, 'an integer');
  if (!Number.isFinite(number)) throw invalidValue(path, 'a number');
  return number;
}

function invalidValue(path: string, wanted: string) {
  return badRequest(`Invalid patch value specified for path '${path}': it must be ${wanted}`);
}

/** `replace` puts another in the place of the item that the path names. */
function listAfter(list: unknown, op: string, item: string | undefined, instead?: string): unknown[] {
  if (item === undefined || item === '') throw badRequest('Invalid patch value specified: it must not be empty');
  const before: unknown[] = Array.isArray(list) ? list : [];
  if (op === 'replace') return before.map((each) => (each === item ? unescaped(instead ?? item) : each));
  const others = before.filter((each) => each !== item);
  return op === 'remove' ? others : [...others, item];
}

/** A copy in which one place is another; an entry that is nothing is not there. */
function changedAt<T extends object>(document: T, parts: readonly string[], change: (before: unknown) => unknown): T {
  const [name = '', ...rest] = parts;
  const before: unknown = Object.hasOwn(document, name) ? document[name as keyof T] : undefined;
  const after = rest.length === 0 ? change(before) : changedAt(objectOf(before), rest, change);
  const others = Object.entries(document).filter(([each]) => each !== name);
  return Object.fromEntries(after === undefined ? others : [...others, [name, after]]) as T; // its own members
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
