/** What the owner of a form allows whoever fills it in (User Guide, "POST policy"). */
import type { AwsError } from '../../../aws/errors.ts';
import { accessDenied, s3Error } from '../errors.ts';

export interface SizeRange {
  readonly bytesMin: number;
  readonly bytesMax: number;
}

/** Of these the policy need not speak. */
const exempt = /^(policy|file|awsaccesskeyid|signature|x-amz-signature|x-ignore-.*)$/;

/** Throws when the form is not within the policy. */
export function checkPostPolicy(
  encoded: string,
  fields: ReadonlyMap<string, string>,
  now: number,
): SizeRange | undefined {
  const { expiration, conditions } = parsed(encoded);
  if (Date.parse(expiration) <= now) throw outside('Policy expired.');
  const named = new Set<string>();
  let range: SizeRange | undefined;
  for (const condition of conditions) {
    if (isRange(condition)) {
      range = { bytesMin: Number(condition[1]), bytesMax: Number(condition[2]) };
      continue;
    }
    const { kind, name, value } = match(condition);
    named.add(name);
    const given = fields.get(name) ?? '';
    const holds = kind === 'eq' ? given === value : allows(name, given, value);
    if (!holds) throw outside(`Policy Condition failed: ${JSON.stringify([kind, `$${name}`, value])}`);
  }
  const extra = [...fields.keys()].filter((name) => name !== 'bucket' && !named.has(name) && !exempt.test(name));
  if (extra.length > 0) throw outside(`Extra input fields: ${extra.join(', ')}`);
  return range;
}

/** A type may be a list, all of which must start so. */
function allows(name: string, given: string, start: string): boolean {
  if (name !== 'content-type') return given.startsWith(start);
  return given.split(',').every((one) => one.trim().startsWith(start));
}

interface Parsed {
  readonly expiration: string;
  readonly conditions: readonly unknown[];
}

function parsed(encoded: string): Parsed {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
  } catch {
    throw invalid('Invalid JSON.');
  }
  if (typeof document !== 'object' || document === null) throw invalid('Invalid JSON.');
  const expiration = 'expiration' in document ? document.expiration : undefined;
  const conditions = 'conditions' in document ? document.conditions : undefined;
  if (typeof expiration !== 'string' || Number.isNaN(Date.parse(expiration))) {
    throw invalid("Invalid 'expiration' value.");
  }
  if (!Array.isArray(conditions)) throw invalid("Invalid 'conditions' value: must be a List.");
  return { expiration, conditions };
}

function isRange(condition: unknown): condition is [string, unknown, unknown] {
  return Array.isArray(condition) && String(condition[0]).toLowerCase() === 'content-length-range';
}

interface Match {
  readonly kind: 'eq' | 'starts-with';
  readonly name: string;
  readonly value: string;
}

/** `["eq", "$key", "a"]`, `["starts-with", "$key", "a"]` or `{"key": "a"}`. */
function match(condition: unknown): Match {
  if (Array.isArray(condition)) {
    const [kind, name, value] = condition.map(String);
    const known = kind?.toLowerCase();
    if (condition.length === 3 && (known === 'eq' || known === 'starts-with') && name?.startsWith('$')) {
      return { kind: known, name: name.slice(1).toLowerCase(), value: value ?? '' };
    }
  } else if (typeof condition === 'object' && condition !== null) {
    const [only, ...more] = Object.entries(condition);
    if (only !== undefined && more.length === 0)
      return { kind: 'eq', name: only[0].toLowerCase(), value: String(only[1]) };
  }
  throw invalid('Invalid condition.');
}

function outside(why: string): AwsError {
  return accessDenied(`Invalid according to Policy: ${why}`);
}

function invalid(why: string): AwsError {
  return s3Error('InvalidPolicyDocument', `Invalid Policy: ${why}`, 400);
}
