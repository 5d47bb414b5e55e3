/**
 * Metric math: arithmetic and comparisons over series and numbers, and a few functions.
 *
 *     expression := operands with operators between them, of which those of a later row of `levels` go first
 *     operand    := number | id | FUNCTION '(' expression (',' expression)* ')' | '[' … ']' | '(' expression ')' | '-' operand
 */
import { called, combined, filled, type Value } from './math.ts';
import { invalidValue } from './parts.ts';
import type { Series } from './statistics.ts';

export interface Names {
  /** The series of another query. */
  series(id: string): Series;
  /** Those of the queries that are metrics, and have the text in their id. */
  metrics(text: string): Series[];
  readonly periodSeconds: number;
  /** The start of every period that was asked for. */
  readonly times: readonly number[];
}

const depthMax = 50;

export function evaluate(expression: string, names: Names): Value {
  const parser = new Parser(tokensOf(expression), names, expression);
  return parser.whole();
}

const levels = [['OR', '||'], ['AND', '&&'], ['==', '!=', '<=', '>=', '<', '>'], ['+', '-'], ['*', '/'], ['^']];
const power = levels.length - 1;

const anyToken = /\d+(?:\.\d+)?|[A-Za-z_]\w*|"[^"]*"|'[^']*'|[=!<>]=|&&|\|\||[-+*/^<>(),[\]]|\S/g;
const goodToken = /^(\d.*|\w+|".*"|'.*'|[=!<>]=|&&|\|\||[-+*/^<>(),[\]])$/;

function tokensOf(expression: string): string[] {
  const tokens = expression.match(anyToken) ?? [];
  const wrong = tokens.find((token) => !goodToken.test(token));
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
    const value = this.#level(0);
    this.#depth -= 1;
    return value;
  }

  #level(level: number): Value {
    const operators = levels[level];
    if (operators === undefined) return this.#factor();
    let value = this.#level(level + 1);
    while (operators.some((operator) => this.#is(operator))) {
      value = combined(this.#take(), value, this.#level(level + 1));
    }
    return value;
  }

  #factor(): Value {
    const token = this.#take();
    if (/^\d/.test(token)) return Number(token);
    if (token === '-') return combined('-', 0, this.#level(power));
    if (token === '(') return this.#closed(')')[0] ?? 0;
    if (token === '[') return this.#closed(']');
    if (/^[a-z]\w*$/.test(token)) return this.#names.series(token);
    if (/^[A-Z]+$/.test(token) && this.#is('(')) {
      this.#take();
      return this.#called(token);
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

  #called(name: string): Value {
    if (name === 'METRICS') return this.#names.metrics(this.#words());
    if (name === 'FILL') return this.#filled();
    const values = this.#closed(')');
    return name === 'PERIOD' ? this.#names.periodSeconds : called(name, values);
  }

  #words(): string {
    const words = this.#is(')') ? '""' : this.#take();
    if (!/^["']/.test(words) || this.#take() !== ')') throw this.#unexpected();
    return words.slice(1, -1);
  }

  #filled(): Value {
    const value = this.#sum();
    if (this.#take() !== ',') throw this.#unexpected();
    const by = this.#is('REPEAT') ? this.#take() : this.#sum();
    if (this.#take() !== ')') throw this.#unexpected();
    return filled(value, by, this.#names.times);
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
