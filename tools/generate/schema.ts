/**
 * The SDK's schemas are nested tuples: `[kind, namespace, name, traits, …]` for named shapes, `[reference, traits]` for
 * members, numbers for simple types, functions for what is defined later. This reads one level of them.
 */
import { invariant } from '../../src/base/invariant.ts';

export interface Traits {
  readonly http?: readonly [string, string, number];
  readonly httpLabel?: number;
  readonly httpQuery?: string;
  readonly httpQueryParams?: number;
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpPayload?: number;
  readonly httpResponseCode?: number;
  readonly jsonName?: string;
  readonly xmlName?: string;
  readonly xmlFlattened?: number;
  readonly xmlAttribute?: number;
  readonly xmlNamespace?: readonly string[];
  readonly eventHeader?: number;
  readonly eventPayload?: number;
  readonly idempotencyToken?: number;
  readonly sensitive?: number;
  readonly streaming?: number;
  readonly mediaType?: string;
  readonly error?: string;
  readonly httpError?: number;
  readonly awsQueryError?: readonly [string, number];
}

export interface Schema {
  readonly kind:
    | 'structure'
    | 'list'
    | 'map'
    | 'unit'
    | 'operation'
    | 'number'
    | 'string'
    | 'boolean'
    | 'blob'
    | 'timestamp'
    | 'document';
  readonly name: string;
  /** Of the shape. */
  readonly traits: Traits;
  /** Of the member that refers to it. A structure's own xmlName, for one, does not name the members that hold it. */
  readonly member: Traits;
  readonly raw: readonly unknown[];
  readonly key?: unknown;
  readonly item?: unknown;
  readonly format?: 'date-time' | 'http-date' | 'epoch-seconds';
}

/** Follows references, joins the traits met on the way, and names the kind. */
export function flattened(reference: unknown): Schema {
  if (typeof reference === 'function') return flattened(reference());
  if (Array.isArray(reference) && reference.length === 2) {
    const inner = flattened(reference[0]);
    return { ...inner, member: { ...inner.member, ...readTraits(reference[1]) } };
  }
  if (typeof reference === 'number')
    return { ...numbered(reference), name: '', traits: {}, member: {}, raw: [reference] };
  if (reference === 'unit') return { kind: 'unit', name: '', traits: {}, member: {}, raw: [] };
  invariant(Array.isArray(reference), `a schema is a function, a number or a tuple, not ${String(reference)}`);
  return named(reference);
}

function named(raw: readonly unknown[]): Schema {
  const base = { name: String(raw[2]), traits: readTraits(raw[3]), member: {}, raw };
  switch (raw[0]) {
    case 9:
      return { ...base, kind: 'operation' };
    case 3:
    case -3:
    case 4:
      return { ...base, kind: 'structure' };
    case 1:
      return { ...base, kind: 'list', item: raw[4] };
    case 2:
      return { ...base, kind: 'map', key: raw[4], item: raw[5] };
    default: {
      invariant(raw[0] === 0, `the schema of ${base.name} has a known kind, not ${String(raw[0])}`);
      const inner = flattened(raw[4]);
      return { ...inner, traits: { ...inner.traits, ...base.traits } };
    }
  }
}

/** 64 and 128 are flags: a list, a map (of strings) of the simple type in the lower bits. */
function numbered(code: number): Pick<Schema, 'kind' | 'key' | 'item' | 'format'> {
  if (code >= 128) return { kind: 'map', key: 0, item: code & 63 };
  if (code >= 64) return { kind: 'list', item: code & 63 };
  switch (code) {
    case 0:
      return { kind: 'string' };
    case 1:
    case 17:
    case 19:
      return { kind: 'number' };
    case 2:
      return { kind: 'boolean' };
    case 4:
      return { kind: 'timestamp' };
    case 5:
      return { kind: 'timestamp', format: 'date-time' };
    case 6:
      return { kind: 'timestamp', format: 'http-date' };
    case 7:
      return { kind: 'timestamp', format: 'epoch-seconds' };
    case 15:
      return { kind: 'document' };
    default:
      invariant(code === 21 || code === 42, `${code} is a known simple type`);
      return { kind: 'blob' };
  }
}

const flags = [
  'httpLabel',
  'idempotent',
  'idempotencyToken',
  'sensitive',
  'httpPayload',
  'httpResponseCode',
  'httpQueryParams',
];

/** Traits are an object, or a number whose bits stand for the commonest ones. */
function readTraits(value: unknown): Traits {
  if (typeof value !== 'number') return typeof value === 'object' && value !== null ? value : {};
  return Object.fromEntries(flags.filter((_, bit) => (value >> bit) & 1).map((name) => [name, 1]));
}
