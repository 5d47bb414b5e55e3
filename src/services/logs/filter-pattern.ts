/**
 * Filter patterns of CloudWatch Logs: terms that must all occur (`ERROR "disk full"`), one of which must (`?a ?b`), that
 * must not (`-debug`); and JSON selectors `{ $.level = "ERROR" && $.ms > 100 }`. Space-delimited `[a, b]` patterns and
 * regular expressions (`%a.*b%`) are refused with a sentence, not ignored.
 */
import { invalidParameter } from './parts.ts';

export type Matcher = (message: string) => boolean;

export function compileFilter(pattern: string | undefined): Matcher {
  const text = pattern?.trim() ?? '';
  if (text === '') return () => true;
  if (text.startsWith('{')) return jsonFilter(text);
  if (text.startsWith('[')) throw invalidParameter('Space-delimited filter patterns ([…]) are not supported');
  return termFilter(text);
}

function termFilter(text: string): Matcher {
  const terms = [...text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, quoted, plain]) => ({
    sign,
    term: quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '',
  }));
  if (terms.some(({ term }) => /^%.+%$/.test(term))) {
    throw invalidParameter('Regular expressions (%…%) in filter patterns are not supported');
  }
  const signed = (sign: string) => terms.filter((term) => term.sign === sign).map(({ term }) => term);
  const [all, any, none] = [signed(''), signed('?'), signed('-')];
  return (message) =>
    all.every((term) => message.includes(term)) &&
    (any.length === 0 || any.some((term) => message.includes(term))) &&
    !none.some((term) => message.includes(term));
}

type Test = (event: unknown) => boolean;

function jsonFilter(text: string): Matcher {
  const closed = /^\{([\s\S]*)\}$/.exec(text);
  if (closed === null) throw invalidParameter('Invalid filter pattern: a JSON pattern ends with }');
  const test = parseAny(new Tokens(closed[1] ?? ''));
  return (message) => {
    const start = message.indexOf('{');
    if (start < 0) return false;
    try {
      return test(JSON.parse(message.slice(start)));
    } catch {
      return false;
    }
  };
}

/** A cursor over the words of a JSON pattern. */
class Tokens {
  readonly #words: string[];
  #at = 0;

  constructor(text: string) {
    const words = text.match(/"(?:[^"\\]|\\.)*"|&&|\|\||!=|>=|<=|[=<>()]|[^\s"=<>()!&|]+/g);
    this.#words = words ?? [];
  }

  peek(): string | undefined {
    return this.#words[this.#at];
  }

  take(): string {
    const word = this.#words[this.#at];
    this.#at += 1;
    if (word === undefined) throw invalidParameter('Invalid filter pattern: it ends too early');
    return word;
  }
}

function parseAny(tokens: Tokens): Test {
  const tests = [parseAll(tokens)];
  while (tokens.peek() === '||') {
    tokens.take();
    tests.push(parseAll(tokens));
  }
  return (event) => tests.some((test) => test(event));
}

function parseAll(tokens: Tokens): Test {
  const tests = [parseOne(tokens)];
  while (tokens.peek() === '&&') {
    tokens.take();
    tests.push(parseOne(tokens));
  }
  return (event) => tests.every((test) => test(event));
}

function parseOne(tokens: Tokens): Test {
  if (tokens.peek() === '(') {
    tokens.take();
    const inner = parseAny(tokens);
    if (tokens.take() !== ')') throw invalidParameter('Invalid filter pattern: a parenthesis is not closed');
    return inner;
  }
  const path = tokens.take();
  if (!path.startsWith('$')) throw invalidParameter(`Invalid filter pattern: ${path} is not a selector like $.name`);
  const select = selector(path);
  const operator = tokens.take();
  if (operator === 'IS' || operator === 'NOT') return wordTest(select, `${operator} ${tokens.take()}`);
  return comparison(select, operator, tokens.take());
}

function wordTest(select: (event: unknown) => unknown, words: string): Test {
  if (words === 'IS NULL') return (event) => select(event) === null;
  if (words === 'IS TRUE') return (event) => select(event) === true;
  if (words === 'IS FALSE') return (event) => select(event) === false;
  if (words === 'NOT EXISTS') return (event) => select(event) === undefined;
  throw invalidParameter(`Invalid filter pattern: ${words} is not a condition`);
}

export function selector(path: string): (event: unknown) => unknown {
  const keys = [...path.matchAll(/\.([^.[\]]+)|\[(\d+)\]/g)].map(([, key, index]) => key ?? index ?? '');
  return (event) =>
    keys.reduce<unknown>((value, key) => {
      if (typeof value !== 'object' || value === null) return undefined;
      // What the event says itself: neither the length of a list nor what every object has.
      return Object.prototype.propertyIsEnumerable.call(value, key) ? Reflect.get(value, key) : undefined;
    }, event);
}

function comparison(select: (event: unknown) => unknown, operator: string, operand: string): Test {
  const text = operand.startsWith('"') ? operand.slice(1, -1).replace(/\\(.)/g, '$1') : operand;
  const number = operand.startsWith('"') ? Number.NaN : Number(operand);
  const wild = wildcard(text);
  const equal = (value: unknown) => (typeof value === 'number' ? value === number : wild(String(value ?? '')));
  const tests: Record<string, Test> = {
    '=': (event) => equal(select(event)),
    '!=': (event) => select(event) !== undefined && !equal(select(event)),
    '>': (event) => Number(select(event)) > number,
    '<': (event) => Number(select(event)) < number,
    '>=': (event) => Number(select(event)) >= number,
    '<=': (event) => Number(select(event)) <= number,
  };
  const test = tests[operator];
  if (test === undefined) throw invalidParameter(`Invalid filter pattern: ${operator} is not an operator`);
  return test;
}

/** Each `*` stands for any text. Not a regular expression, which takes for ever where several wildcards nearly match. */
function wildcard(pattern: string): (value: string) => boolean {
  const [first = '', ...between] = pattern.split('*');
  const last = between.pop();
  if (last === undefined) return (value) => value === first;
  return (value) => {
    const end = value.length - last.length;
    if (end < first.length || !value.startsWith(first) || !value.endsWith(last)) return false;
    let at = first.length;
    for (const part of between) {
      const found = value.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
