/** One value or rule in a pattern's list, compiled. */
import { BlockList, isIP } from 'node:net';

/** What cannot be a pattern; AWS has one text for all of them. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** Gets every plain value of the field; none when the field is absent or has fields of its own. */
export type Rule = (found: readonly unknown[]) => boolean;

type Test = (value: unknown) => boolean;

export function compileRule(rule: unknown): Rule {
  if (isPlain(rule)) return some((value) => value === rule);
  const entries = typeof rule === 'object' && rule !== null && !Array.isArray(rule) ? Object.entries(rule) : [];
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) throw new PatternError('A rule has one name');
  const [name, argument] = entry;
  if (name === 'exists') return exists(argument);
  return some(testNamed(name, argument));
}

function testNamed(name: string, argument: unknown): Test {
  switch (name) {
    case 'prefix':
      return affix(argument, (value, part) => value.startsWith(part));
    case 'suffix':
      return affix(argument, (value, part) => value.endsWith(part));
    case 'equals-ignore-case':
      return ignoringCase(argument);
    case 'anything-but':
      return anythingBut(argument);
    case 'numeric':
      return numeric(argument);
    case 'cidr':
      return cidr(argument);
    default:
      throw new PatternError(`There is no rule named ${name}`);
  }
}

function some(test: Test): Rule {
  return (found) => found.some(test);
}

function exists(wanted: unknown): Rule {
  if (typeof wanted !== 'boolean') throw new PatternError('exists is true or false');
  return (found) => found.length > 0 === wanted;
}

function affix(part: unknown, fits: (value: string, part: string) => boolean): Test {
  if (isObjectWith(part, 'equals-ignore-case')) {
    const folded = text(part['equals-ignore-case']).toLowerCase();
    return (value) => typeof value === 'string' && fits(value.toLowerCase(), folded);
  }
  const exact = text(part);
  return (value) => typeof value === 'string' && fits(value, exact);
}

function ignoringCase(wanted: unknown): Test {
  const folded = text(wanted).toLowerCase();
  return (value) => typeof value === 'string' && value.toLowerCase() === folded;
}

/** A value, a list of values, or a rule for texts that must not fit. */
function anythingBut(refused: unknown): Test {
  if (typeof refused === 'object' && refused !== null && !Array.isArray(refused)) {
    const [name, argument] = Object.entries(refused)[0] ?? ['', undefined];
    if (!['prefix', 'suffix', 'equals-ignore-case'].includes(name)) throw new PatternError(`Anything but ${name}`);
    const test = testNamed(name, argument);
    return (value) => !test(value);
  }
  const values: readonly unknown[] = Array.isArray(refused) ? refused : [refused];
  if (values.length === 0 || !values.every((value) => isPlain(value) && typeof value !== 'boolean')) {
    throw new PatternError('anything-but lists texts or numbers');
  }
  return (value) => !values.includes(value);
}

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** One comparison, or a lower bound and then an upper one. */
function numeric(terms: unknown): Test {
  if (!Array.isArray(terms) || (terms.length !== 2 && terms.length !== 4)) {
    throw new PatternError('numeric is one comparison or two');
  }
  const tests = [comparison(terms[0], terms[1])];
  if (terms.length === 4) {
    const [from, low, to, high] = terms;
    if (!/^>=?$/.test(from) || !/^<=?$/.test(to) || low >= high)
      throw new PatternError('A range goes from low to high');
    tests.push(comparison(to, high));
  }
  return (value) => typeof value === 'number' && tests.every((fits) => fits(value));
}

function comparison(operator: unknown, bound: unknown): (value: number) => boolean {
  const compare =
    typeof operator === 'string' && Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined;
  if (compare === undefined || typeof bound !== 'number')
    throw new PatternError('A comparison is an operator and a number');
  return (value) => compare(value, bound);
}

/** An address block, as `10.0.0.0/24`. */
function cidr(block: unknown): Test {
  const [address = '', bits = ''] = text(block).split('/');
  const family = isIP(address);
  if (family === 0 || !/^[0-9]{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) {
    throw new PatternError('cidr is an address and a number of bits');
  }
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return (value) => {
    const kind = typeof value === 'string' ? isIP(value) : 0;
    return kind !== 0 && list.check(String(value), kind === 4 ? 'ipv4' : 'ipv6');
  };
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new PatternError('A text is expected');
  return value;
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function isObjectWith<K extends string>(value: unknown, key: K): value is Record<K, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}
