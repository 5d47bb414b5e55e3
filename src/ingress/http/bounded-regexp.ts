/** Regular expressions that users wrote, on texts that others send: no longer than a moment, whatever they are. */

import { isNativeError } from 'node:util/types';
import { createContext, Script } from 'node:vm';

const msMax = 50;
const textMax = 256 * 1024;
const sandbox: { pattern?: RegExp; text?: string } = {};
const context = createContext(sandbox);
// Only code that a context of its own runs can be stopped.
const script = new Script('pattern.test(text)');

/** False for what is no expression, and for one that takes too long. */
export function matches(pattern: string, text: string): boolean {
  const expression = compiled(pattern);
  if (expression === undefined || text.length > textMax) return false;
  if (isHarmless(pattern, text)) return expression.test(text);
  sandbox.pattern = expression;
  sandbox.text = text;
  try {
    return script.runInContext(context, { timeout: msMax }) === true;
  } catch (error) {
    if (isNativeError(error) && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
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
    expression = new RegExp(pattern);
  } catch {
    expression = undefined;
  }
  if (known.size >= compiledMax) known.clear();
  known.set(pattern, expression);
  return expression;
}
