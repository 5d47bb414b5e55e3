/** Patterns of the models, anchored. Some of them backtrack without end on the right input. */
import { setFlagsFromString } from 'node:v8';

// A match that backtracks this often starts again in V8's linear engine, which cannot be made to hang.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
setFlagsFromString('--regexp-backtracks-before-fallback=20000');

const compiled = new Map<string, (text: string) => boolean>();

export function pattern(source: string): (text: string) => boolean {
  let known = compiled.get(source);
  if (known === undefined) {
    let expression: RegExp | undefined;
    known = (text) => {
      expression ??= anchored(source);
      return expression.test(text);
    };
    compiled.set(source, known);
  }
  return known;
}

/** The linear engine does not know the `u` flag, so only patterns that need it get it. */
function anchored(source: string): RegExp {
  const whole = `^(?:${source})$`;
  if (/\\[pP]\{/.test(source)) return new RegExp(whole, 'u');
  try {
    return new RegExp(whole);
  } catch {
    return new RegExp(whole, 'u');
  }
}
