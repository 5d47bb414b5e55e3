/** The operators of conditions: each makes of a policy's value a test of a request's value. */
import { BlockList, isIP } from 'node:net';
import { arnMatcher } from './arn.ts';
import { malformed } from './malformed.ts';
import { type ConditionContext, matcher, template } from './template.ts';

/** Whether one value of the request fits. */
export type ValueTest = (given: string, context: ConditionContext) => boolean;

export interface Operator {
  /** The opposite of another operator: no value of the policy may fit. */
  readonly negated: boolean;
  test(wanted: string, variables: boolean): ValueTest;
}

type MakeTest = Operator['test'];

const equals: MakeTest = (wanted, variables) => matcher(template(wanted, { wildcards: false, variables }));
const like: MakeTest = (wanted, variables) => matcher(template(wanted, { wildcards: true, variables }));
const arnLike: MakeTest = (wanted, variables) => arnMatcher(wanted, { variables });

const equalsIgnoringCase: MakeTest = (wanted, variables) => {
  const fits = equals(wanted.toLowerCase(), variables);
  return (given, context) => fits(given.toLowerCase(), inLowerCase(context));
};

/** What variables stand for counts without its case, too. */
function inLowerCase(context: ConditionContext): ConditionContext {
  return new Map([...context].map(([key, value]) => [key, typeof value === 'string' ? value.toLowerCase() : value]));
}

/** `fits(given, wanted)`, once both are numbers. */
function ordered(
  read: (text: string) => number,
  what: string,
  fits: (given: number, wanted: number) => boolean,
): MakeTest {
  return (wanted) => {
    const bound = read(wanted);
    if (Number.isNaN(bound)) throw malformed(`Invalid ${what} in condition: ${wanted}`);
    return (given) => fits(read(given), bound);
  };
}

const orders = {
  Equals: (given: number, wanted: number) => given === wanted,
  LessThan: (given: number, wanted: number) => given < wanted,
  LessThanEquals: (given: number, wanted: number) => given <= wanted,
  GreaterThan: (given: number, wanted: number) => given > wanted,
  GreaterThanEquals: (given: number, wanted: number) => given >= wanted,
};

/** Only decimal numbers: `Number` alone takes an empty text for zero. */
function numberOf(text: string): number {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : Number.NaN;
}

/** ISO 8601, or seconds since the epoch; in milliseconds. */
function timeOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  return /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? Date.parse(text) : Number.NaN;
}

const bool: MakeTest = (wanted, variables) => {
  const known = /^(true|false)$/i.test(wanted) || (variables && wanted.startsWith('${'));
  if (!known) throw malformed(`Invalid boolean in condition: ${wanted}`);
  return equalsIgnoringCase(wanted, variables);
};

const binaryEquals: MakeTest = (wanted) => {
  const bytes = Buffer.from(wanted, 'base64');
  return (given) => Buffer.from(given, 'base64').equals(bytes);
};

/** An address, or a range as `203.0.113.0/24`. */
const ipAddress: MakeTest = (wanted) => {
  const [address = '', bits, ...more] = wanted.split('/');
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? longest : numberOf(bits);
  if (version === 0 || more.length > 0 || !(prefix >= 0 && prefix <= longest && Number.isInteger(prefix))) {
    throw malformed(`Invalid IP range in condition: ${wanted}`);
  }
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const range = new BlockList();
  range.addSubnet(address, prefix, family);
  return (given) => isIP(given) === version && range.check(given, family);
};

const positive: Readonly<Record<string, MakeTest>> = {
  StringEquals: equals,
  StringEqualsIgnoreCase: equalsIgnoringCase,
  StringLike: like,
  ...named('Numeric', (fits) => ordered(numberOf, 'number', fits)),
  ...named('Date', (fits) => ordered(timeOf, 'date', fits)),
  Bool: bool,
  BinaryEquals: binaryEquals,
  IpAddress: ipAddress,
  // The two behave alike, as on AWS.
  ArnEquals: arnLike,
  ArnLike: arnLike,
};

const opposites: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

function named(family: string, make: (fits: (given: number, wanted: number) => boolean) => MakeTest) {
  return Object.fromEntries(Object.entries(orders).map(([order, fits]) => [`${family}${order}`, make(fits)]));
}

const operators: ReadonlyMap<string, Operator> = new Map([
  ...Object.entries(positive).map(([name, test]) => [name.toLowerCase(), { negated: false, test }] as const),
  ...Object.entries(opposites).map(([name, of]) => [name.toLowerCase(), opposite(of)] as const),
]);

function opposite(of: string): Operator {
  const test = positive[of];
  if (test === undefined) throw new Error(`No operator ${of}`);
  return { negated: true, test };
}

/** Names count without their case. */
export function operatorOf(name: string): Operator | undefined {
  return operators.get(name.toLowerCase());
}
