/** Text for a terminal: columns, wrapping, and colours only where a person looks on. */
import { stripVTControlCharacters, styleText } from 'node:util';

export interface Style {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

const plain: Style = { strong: String, faint: String, good: String, bad: String };

/** Colours when `stream` is a terminal and the environment does not forbid it (https://no-color.org). */
export function styleFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Style {
  const wanted = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  if (!wanted) return plain;
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    styleText(format, text, { validateStream: false });
  return { strong: paint('bold'), faint: paint('dim'), good: paint('green'), bad: paint('red') };
}

/** Rows under each other, each column as wide as its widest cell; numbers may be aligned to the right. */
export function columns(rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, shown(cell));
  }
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => {
        const gap = ' '.repeat((widths[index] ?? 0) - shown(cell));
        return right.has(index) ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

export function wrapped(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}

/** `1.4 MB`. */
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 'B';
  for (const next of units) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** Small amounts keep their first digits: `$0.00000042`, `$1.25`. */
export function dollars(amount: number): string {
  if (amount === 0) return '$0.00';
  if (amount >= 0.01) return `$${amount.toFixed(2)}`;
  const decimals = Math.min(12, 1 - Math.floor(Math.log10(amount)));
  return `$${amount.toFixed(decimals)}`;
}

const barWidth = 20;

/** `██████░░░░ 60.0 %`, and without the bar where no person looks on. */
export function share(part: number, bar: boolean): string {
  const percent = `${(part * 100).toFixed(1)} %`;
  const filled = Math.min(barWidth, Math.round(part * barWidth));
  return bar ? `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${percent}` : percent;
}

/**
 * What came from a function or another server, safe to print: control characters could otherwise rewrite the screen or
 * the terminal's title. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]/gu, '\u{fffd}');
}

function shown(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
