/**
 * Metric math: arithmetic over series and numbers, and a few functions.
 *
 *     expression := term (('+' | '-') term)*
 *     term       := factor (('*' | '/') factor)*
 *     factor     := number | id | FUNCTION '(' expression (',' expression)* ')' | '[' … ']' | '(' expression ')' | '-' factor
 */
import { invalidValue } from './parts.ts';
import type { Series } from './statistics.ts';

export type Value = number | Series | readonly Value[];

export interface Names {
  /** The series of another query. */
  series(id: string): Series;
  readonly periodSeconds: number;
  /** The start of every period that was asked for. */
  readonly times: readonly number[];
}

const depthMax = 50;

export function evaluate(expression: string, names: Names): Value {
  const parser = new Parser(tokensOf(expression), names, expression);
  return parser.whole();
}

type Operator = (a: number, b: number) => number;

const operators: Readonly<Record<string, Operator>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

const overMany: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
};

function tokensOf(expression: string): string[] {
  const tokens = expression.match(/\d+(?:\.\d+)?|[A-Za-z_]\w*|[-+*/(),[\]]|\S/g) ?? [];
  const wrong = tokens.find((token) => !/^(\d.*|\w+|[-+*/(),[\]])$/.test(token));
  if (wrong !== undefined) throw invalidValue(`Error in expression: ${wrong} is not understood in "${expression}"`);
  return tokens;
}

class Parser {
  readonly #tokens: string[];
  readonly #names: Names;
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(tokens: string[], names: Names, text: string) {
    this.#tokens = tokens;
    this.#names = names;
    this.#text = text;
  }

  whole(): Value {
    const value = this.#sum();
    if (this.#at < this.#tokens.length) throw this.#unexpected();
    return value;
  }

  #sum(): Value {
    if (++this.#depth > depthMax) throw invalidValue('Error in expression: it is nested too deeply');
    let value = this.#product();
    while (this.#is('+') || this.#is('-')) value = combined(this.#take(), value, this.#product());
    this.#depth -= 1;
    return value;
  }

  #product(): Value {
    let value = this.#factor();
    while (this.#is('*') || this.#is('/')) value = combined(this.#take(), value, this.#factor());
    return value;
  }

  #factor(): Value {
    const token = this.#take();
    if (/^\d/.test(token)) return Number(token);
    if (token === '-') return combined('-', 0, this.#factor());
    if (token === '(') return this.#closed(')')[0] ?? 0;
    if (token === '[') return this.#closed(']');
    if (/^[a-z]\w*$/.test(token)) return this.#names.series(token);
    if (/^[A-Z]+$/.test(token) && this.#is('(')) {
      this.#take();
      return this.#called(token, this.#closed(')'));
    }
    this.#at -= 1;
    throw this.#unexpected();
  }

  /** A list of values up to the closing bracket. */
  #closed(bracket: string): Value[] {
    const values = [this.#sum()];
    while (this.#is(',')) {
      this.#take();
      values.push(this.#sum());
    }
    if (this.#take() !== bracket) throw this.#unexpected();
    return values;
  }

  #called(name: string, values: readonly Value[]): Value {
    const [first = 0, second = 0] = values;
    if (name === 'PERIOD') return this.#names.periodSeconds;
    if (name === 'FILL' && first instanceof Map && typeof second === 'number') {
      return new Map(this.#names.times.map((time) => [time, first.get(time) ?? second]));
    }
    const many = Object.hasOwn(overMany, name) ? overMany[name] : undefined;
    if (many === undefined) throw invalidValue(`Error in expression: the function ${name} is not there yet`);
    return reduced(many, first);
  }

  #is(token: string): boolean {
    return this.#tokens[this.#at] === token;
  }

  #take(): string {
    return this.#tokens[this.#at++] ?? '';
  }

  #unexpected(): Error {
    return invalidValue(`Error in expression: ${this.#tokens[this.#at] ?? 'its end'} is unexpected in "${this.#text}"`);
  }
}

/** Of a list of series: a series; of one series: one number. */
function reduced(many: (values: readonly number[]) => number, of: Value): Value {
  if (typeof of === 'number') return of;
  if (of instanceof Map) return of.size === 0 ? 0 : many([...of.values()]);
  const list = [...of].filter((each): each is Series => each instanceof Map);
  const times = [...new Set(list.flatMap((series) => [...series.keys()]))].sort((a, b) => a - b);
  return new Map(times.map((time) => [time, many(list.flatMap((series) => series.get(time) ?? []))]));
}

/** Two series have values where both have them. */
function combined(operator: string, left: Value, right: Value): Value {
  const compute = operators[operator];
  if (compute === undefined || Array.isArray(left) || Array.isArray(right)) {
    throw invalidValue('Error in expression: a list stands where a series or a number is expected');
  }
  if (typeof left === 'number' && typeof right === 'number') return compute(left, right);
  const known = [left, right].find((each): each is Series => each instanceof Map) ?? new Map();
  const at = (value: Value, time: number) => (value instanceof Map ? value.get(time) : Number(value));
  const series = new Map<number, number>();
  for (const time of known.keys()) {
    const [a, b] = [at(left, time), at(right, time)];
    const value = a === undefined || b === undefined ? Number.NaN : compute(a, b);
    if (Number.isFinite(value)) series.set(time, value);
  }
  return series;
}
