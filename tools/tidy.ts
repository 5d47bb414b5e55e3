/** What the tidy test looks for in one file's text. */

/** A file that only passes on what other files say. */
export function isBarrel(text: string): boolean {
  const statements = withoutComments(text)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const passedOn = statements.filter((line) => /^export\s+(type\s+)?(\*|\{[^}]*\})\s.*from\s/.test(line));
  return passedOn.length > 0 && passedOn.length === statements.length;
}

const banned: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b/, 'Date.now'],
  [/\bnew Date\(\)/, 'new Date()'],
  [/\bMath\.random\b/, 'Math.random'],
  [/(?<![.\w])set(Timeout|Interval)\(/, 'setTimeout or setInterval'],
  [/from 'node:timers\/promises'/, 'node:timers/promises'],
  [/\bperformance\.now\b/, 'performance.now'],
];

/** Ways to the clock or to chance that do not go through base/. */
export function bannedCalls(text: string): string[] {
  const code = withoutComments(text);
  return banned.filter(([pattern]) => pattern.test(code)).map(([, name]) => name);
}

/**
 * Where functions begin that are longer than `max` lines. Found by the formatter's indentation: a line that opens a
 * function and ends with `{`, up to the line that closes it at the same depth.
 */
export function functionsLongerThan(max: number, text: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, start) => {
    if (!opensFunction(line)) return [];
    const indent = line.length - line.trimStart().length;
    const end = lines.findIndex((later, index) => index > start && later.startsWith(`${' '.repeat(indent)}}`));
    const length = end === -1 ? 0 : end - start + 1;
    return length > max ? [`line ${start + 1} is ${length} lines long: ${line.trim().slice(0, 60)}`] : [];
  });
}

function opensFunction(line: string): boolean {
  if (!line.endsWith('{')) return false;
  const code = line.trim();
  if (/^(if|for|while|switch|try|else|do|class|interface|catch|\})\b/.test(code)) return false;
  return (
    // The last line of a signature that is written over several.
    /^\).*\{$/.test(code) ||
    /\bfunction\b/.test(code) ||
    /=> \{$/.test(code) ||
    /^(?:(?:async|static|get|set|override)\s+)*[#*\w]+(?:<.*>)?\(.*\).*\{$/.test(code)
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
