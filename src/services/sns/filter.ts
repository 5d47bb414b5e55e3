/** Filter policies: which messages a subscription wants, by their attributes or by their body. */

import type { ParcelAttribute } from '../../delivery/parcel.ts';
import { compileField, compileFields, isObject, type Matcher } from '../../patterns/pattern.ts';
import { PatternError } from '../../patterns/rule.ts';
import { invalidParameter } from './errors.ts';
import type { Notification } from './notification.ts';

export type Filter = (message: Pick<Notification, 'message' | 'attributes'>) => boolean;

export type FilterScope = 'MessageAttributes' | 'MessageBody';

const namesMax = 5;
const combinationsMax = 150;
const policyBytesMax = 262_144;
const depthMax = 50;

/** Throws AWS's error for what is no filter policy. */
export function compileFilter(policy: string, scope: FilterScope): Filter {
  const parsed = parsedPolicy(policy);
  checkSize(parsed);
  const fits = compiled(parsed, scope);
  if (scope === 'MessageBody') {
    return ({ message }) => {
      const body = json(message);
      return isObject(body) && fits(body);
    };
  }
  return ({ attributes }) => fits(attributeValues(attributes));
}

function parsedPolicy(policy: string): Readonly<Record<string, unknown>> {
  if (Buffer.byteLength(policy) > policyBytesMax) throw invalid('Filter policy is larger than 256 KB');
  const parsed = json(policy);
  if (!isObject(parsed)) throw invalid('failed to parse JSON.');
  // Before anything goes down it step by step.
  if (isDeeper(parsed, depthMax)) throw invalid(`Filter policy is nested more than ${depthMax} levels deep`);
  return parsed;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}

function compiled(policy: Readonly<Record<string, unknown>>, scope: FilterScope): Matcher {
  // Nothing asked is everything wanted.
  if (Object.keys(policy).length === 0) return () => true;
  try {
    return compileFields(policy, scope === 'MessageBody' ? compileField : compileAttribute);
  } catch (error) {
    if (error instanceof PatternError) throw invalid(error.message);
    throw error;
  }
}

/** Attributes have no attributes of their own. */
function compileAttribute(name: string, pattern: unknown): Matcher {
  if (!Array.isArray(pattern)) throw invalid(`"${name}" must be an array when the scope is MessageAttributes`);
  return compileField(name, pattern);
}

/** AWS multiplies the number of values of all names, and of what is nested by its depth. */
function checkSize(policy: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(policy).filter((name) => name !== '$or');
  if (names.length > namesMax) throw invalid(`Filter policy can not have more than ${namesMax} keys`);
  if (combinations(policy, 1) > combinationsMax) {
    throw invalid(`Filter policy is too complex: more than ${combinationsMax} combinations of values`);
  }
}

function combinations(policy: Readonly<Record<string, unknown>>, depth: number): number {
  return Object.entries(policy).reduce((product, [name, value]) => {
    if (name === '$or') {
      const each = Array.isArray(value) ? value.filter(isObject) : [];
      return (
        product *
        Math.max(
          1,
          each.reduce((sum, one) => sum + combinations(one, depth), 0),
        )
      );
    }
    if (Array.isArray(value)) return product * Math.max(1, value.length * depth);
    return isObject(value) ? product * combinations(value, depth + 1) : product;
  }, 1);
}

/** What a pattern sees of attributes: texts, numbers and lists. Bytes cannot be filtered by. */
function attributeValues(attributes: Notification['attributes']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([, { type }]) => !type.startsWith('Binary'))
      .map(([name, attribute]) => [name, valueIn(attribute)]),
  );
}

function valueIn({ type, text = '' }: ParcelAttribute): unknown {
  if (type.startsWith('Number')) return Number(text);
  const list = type === 'String.Array' ? json(text) : undefined;
  return Array.isArray(list) ? list : text;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(why: string) {
  return invalidParameter(`FilterPolicy: ${why}`);
}
