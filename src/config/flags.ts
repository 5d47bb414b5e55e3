/** Command lines: what was given, by flag name, or a sentence that says what is wrong and what was probably meant. */
import { parseArgs } from 'node:util';

export interface FlagShape {
  /** Stands for the value in help; absent for a switch. */
  readonly placeholder?: string;
  readonly short?: string;
  /** May be given more than once; the values come as a list. */
  readonly multiple?: boolean;
}

export interface Arguments {
  /** The last value of each flag; `true` for a switch. */
  readonly flags: Readonly<Record<string, string | boolean>>;
  /** Every value of the flags that may be given more than once. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly positionals: readonly string[];
}

/** The command line cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function readArguments(argv: readonly string[], shapes: Readonly<Record<string, FlagShape>>): Arguments {
  const flags: Record<string, string | boolean> = {};
  const lists: Record<string, string[]> = {};
  const positionals: string[] = [];
  for (const token of tokensOf(argv, shapes)) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const value = checked(token.name, token.rawName, token.value, shapes);
    if (shapes[token.name]?.multiple && typeof value === 'string')
      lists[token.name] = [...(lists[token.name] ?? []), value];
    else flags[token.name] = value;
  }
  return { flags, lists, positionals };
}

function tokensOf(argv: readonly string[], shapes: Readonly<Record<string, FlagShape>>) {
  const options = Object.fromEntries(
    Object.entries(shapes).map(([name, { placeholder, short }]) => [
      name,
      { type: placeholder === undefined ? ('boolean' as const) : ('string' as const), ...(short && { short }) },
    ]),
  );
  return parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function checked(
  name: string,
  asWritten: string,
  value: string | undefined,
  shapes: Readonly<Record<string, FlagShape>>,
): string | boolean {
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  if (shape === undefined) throw new UsageError(unknown(asWritten, Object.keys(shapes)));
  if (shape.placeholder === undefined) {
    if (value !== undefined) throw new UsageError(`Cannot use ${asWritten}=${value}: ${asWritten} takes no value`);
    return true;
  }
  if (value === undefined) throw new UsageError(`Cannot use ${asWritten}: it needs a value, ${shape.placeholder}`);
  return value;
}

function unknown(asWritten: string, known: readonly string[]): string {
  const near = nearest(asWritten.replace(/^-+/, ''), known);
  return `Unknown flag ${asWritten}${near === undefined ? '' : `; did you mean --${near}?`}`;
}

/** The known word that was probably meant, if one is near enough. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((word) => ({ word, distance: word.startsWith(given) ? 1 : distance(given, word) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.min(3, Math.ceil(given.length / 2.5)) ? best.word : undefined;
}

/** Levenshtein's distance, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
