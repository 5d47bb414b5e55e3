/** FilterCriteria of a mapping, checked and compiled: pure, for the operations that take them and the pump that applies them. */
import type { FilterCriteria } from '@aws-sdk/client-lambda';
import { compileField, compileFields, compileLeaf, isObject, type Matcher } from '../../../patterns/pattern.ts';
import { PatternError } from '../../../patterns/rule.ts';
import { invalidParameterValue } from '../../model/errors.ts';

/** What patterns see of a record: its fields, those with the sender's own data as text. */
export type Filterable = Readonly<Record<string, unknown>>;

/** Whether a record is wanted. */
export type RecordFilter = (record: Filterable) => boolean;

/** AWS raises this to ten when asked. */
const filtersMax = 10;

/**
 * `dataKeys` are the fields with the sender's data (`body`, `data`, `value`, …): a pattern with fields wants JSON there, one
 * with a list of values wants other text, and neither takes what the other wants (reference: lambda-semantics 5.2).
 * Throws AWS's error for a pattern that is none; undefined when there are no filters.
 */
export function compileFilters(
  criteria: FilterCriteria | undefined,
  dataKeys: readonly string[],
): RecordFilter | undefined {
  const filters = criteria?.Filters ?? [];
  if (filters.length === 0) return undefined;
  if (filters.length > filtersMax) throw invalidParameterValue(`FilterCriteria takes ${filtersMax} filters at most.`);
  const matchers = filters.map(({ Pattern }) => compiled(Pattern, dataKeys));
  return (record) => {
    const seen = new Data(record);
    return matchers.some((fits) => fits(seen));
  };
}

function compiled(pattern: string | undefined, dataKeys: readonly string[]): (record: Data) => boolean {
  try {
    const matcher = compileFields(JSON.parse(pattern ?? ''), (key, inner) =>
      dataKeys.includes(key) ? dataMatcher(key, inner) : fieldMatcher(key, inner),
    );
    return (record) => matcher(record);
  } catch (error) {
    if (error instanceof PatternError || error instanceof SyntaxError) throw invalidPattern();
    throw error;
  }
}

function invalidPattern(): Error {
  return invalidParameterValue('Invalid filter pattern definition.');
}

/** At the top, the value that goes through the compiled pattern is the record's `Data`. */
function fieldMatcher(key: string, pattern: unknown): Matcher {
  const fits = compileField(key, pattern);
  return (record) => record instanceof Data && fits(record.fields);
}

function dataMatcher(key: string, pattern: unknown): Matcher {
  if (Array.isArray(pattern)) {
    const fits = compileLeaf(pattern);
    return (record) => record instanceof Data && record.json(key) === undefined && fits(record.texts(key));
  }
  const fits = compileFields(pattern);
  return (record) => {
    if (!(record instanceof Data)) return false;
    const json = record.json(key);
    return Array.isArray(json) ? json.some(fits) : json !== undefined && fits(json);
  };
}

/** A record whose data is parsed once, however many patterns ask for it. */
class Data {
  readonly fields: Filterable;
  readonly #parsed = new Map<string, unknown>();

  constructor(fields: Filterable) {
    this.fields = fields;
  }

  texts(key: string): unknown[] {
    const text = this.fields[key];
    return text === undefined ? [] : [text];
  }

  /** An object or a list, or undefined: a bare number or word is text. */
  json(key: string): unknown {
    if (!this.#parsed.has(key)) this.#parsed.set(key, structure(this.fields[key]));
    return this.#parsed.get(key);
  }
}

function structure(text: unknown): unknown {
  if (typeof text !== 'string' || !/^\s*[{[]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) || Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
