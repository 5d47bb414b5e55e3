/** Regular expressions that users wrote, on texts that others send: no longer than a moment, whatever they are. */

import { isNativeError } from 'node:util/types';
import { createContext, Script } from 'node:vm';

const msMax = 50;
const textMax = 256 * 1024;
const sandbox: { pattern?: RegExp; text?: string } = {};
const context = createContext(sandbox);
// Only code that a context of its own runs can be stopped.
const script = new Script('pattern.exec(text)');

export interface Match {
  readonly index: number;
  /** The first is the whole of it. */
  readonly groups: readonly (string | undefined)[];
}

/** The first match from a place on; none for what is no expression, and for one that takes too long. */
export function firstMatch(pattern: string, text: string, from = 0): Match | undefined {
  const expression = compiled(pattern);
  if (expression === undefined || text.length > textMax) return undefined;
  expression.lastIndex = from;
  const match = isHarmless(pattern, text) ? expression.exec(text) : watched(expression, text);
  return match === null ? undefined : { index: match.index, groups: [...match] };
}

export function matches(pattern: string, text: string): boolean {
  return firstMatch(pattern, text) !== undefined;
}

function watched(expression: RegExp, text: string): RegExpExecArray | null {
  sandbox.pattern = expression;
  sandbox.text = text;
  try {
    return script.runInContext(context, { timeout: msMax });
  } catch (error) {
    if (isNativeError(error) && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
    throw error;
  } finally {
    delete sandbox.text;
  }
}

/** To watch over an expression takes much longer than most of them: not for those that cannot go far. */
function isHarmless(pattern: string, text: string): boolean {
  const repeats = pattern.match(/[*+]|\{\d+,/g)?.length ?? 0;
  return repeats <= 2 && text.length <= 1000 && !/\)[*+{]|\\\d/.test(pattern);
}

/** As Java's `matches`: all of the text. Line ends are characters like others. */
export function matchesWhole(pattern: string, text: string): boolean {
  return matches(`^(?:${pattern})$`, text);
}

const compiledMax = 1000;
const known = new Map<string, RegExp | undefined>();

function compiled(pattern: string): RegExp | undefined {
  if (known.has(pattern)) return known.get(pattern);
  let expression: RegExp | undefined;
  try {
    expression = new RegExp(pattern, 'g');
  } catch {
    expression = undefined;
  }
  if (known.size >= compiledMax) known.clear();
  known.set(pattern, expression);
  return expression;
}
