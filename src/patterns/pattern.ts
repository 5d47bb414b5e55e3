/**
 * One event pattern, compiled: what a record has to be like, in the language that Lambda's event sources, SNS
 * and EventBridge share (reference: lambda-semantics 5.7).
 *
 *     { "status": ["open", null], "price": [{ "numeric": [">", 10, "<=", 20] }], "$or": [{ … }, { … }] }
 *
 * Every field has to fit; of the values listed for one, one has to. A list in the record fits when one of its items does.
 */
import { compileRule, PatternError, type Rule } from './rule.ts';

export type Matcher = (value: unknown) => boolean;

type Fields = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How the fields at one level are compiled; a record's data has a way of its own (see `filters.ts`). */
export type FieldCompiler = (key: string, pattern: unknown) => Matcher;

export function compileFields(pattern: unknown, compile: FieldCompiler = compileField): Matcher {
  if (!isObject(pattern)) throw new PatternError('A pattern is an object');
  const fields = Object.entries(pattern).map(([key, inner]) =>
    key === '$or' ? compileOr(inner, compile) : compile(key, inner),
  );
  if (fields.length === 0) throw new PatternError('A pattern names at least one field');
  return (value) => fields.every((fits) => fits(value));
}

/** A list of values, or of rules, ends the way down; an object goes on. */
export function compileField(key: string, pattern: unknown): Matcher {
  if (Array.isArray(pattern)) {
    const fits = compileLeaf(pattern);
    return (value) => fits(leaves(fieldOf(value, key)));
  }
  const inner = compileFields(pattern);
  return (value) => {
    const field = fieldOf(value, key);
    return Array.isArray(field) ? field.some(inner) : inner(field);
  };
}

/** One of the listed values or rules has to fit. */
export function compileLeaf(pattern: readonly unknown[]): Rule {
  if (pattern.length === 0) throw new PatternError('A field lists at least one value');
  const rules = pattern.map((each) => compileRule(each));
  return (found) => rules.some((fits) => fits(found));
}

function compileOr(alternatives: unknown, compile: FieldCompiler): Matcher {
  if (!Array.isArray(alternatives) || alternatives.length < 2) {
    throw new PatternError('$or lists at least two patterns');
  }
  const each = alternatives.map((pattern) => compileFields(pattern, compile));
  return (value) => each.some((fits) => fits(value));
}

function fieldOf(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Every plain value in a field, lists in lists taken apart; what has fields of its own is no value. */
export function leaves(value: unknown): unknown[] {
  const found: unknown[] = [];
  // Not by recursion: what is nested a hundred thousand deep comes from strangers.
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (Array.isArray(next)) for (const item of next) pending.push(item);
    else if (next !== undefined && !isObject(next)) found.push(next);
  }
  return found;
}
