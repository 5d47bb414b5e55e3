/** The run as a person reads it. */
import { columns, type Style } from '../src/cli/text.ts';
import type { Verdict } from './budget.ts';
import type { Case, Row } from './cases/case.ts';
import { best, headings, median, shown } from './figures.ts';

/** Shown as the median and the best round; the others as the median alone. */
const withBest = new Set(['p50Ms', 'perSecond', 'readyMs']);

export function table({ title, method }: Case, rows: readonly Row[], style: Style): string {
  const figures = [...new Set(rows.flatMap((row) => row.rounds.flatMap((round) => Object.keys(round))))];
  const head = ['', '', ...figures.flatMap((figure) => headingsOf(figure))].map((text) => style.faint(text));
  const right = new Set(head.keys().filter((index) => index > 1));
  const body = rows.map((row) => [row.subject, row.of, ...figures.flatMap((figure) => cells(figure, row))]);
  const notes = rows.flatMap(({ subject, of, note }) =>
    note ? [style.bad(`  ${subject} ${of}: ${oneLine(note)}`)] : [],
  );
  return [style.strong(title), style.faint(`${method}.`), columns([head, ...body], right), ...notes].join('\n');
}

function headingsOf(figure: string): string[] {
  const heading = headings[figure] ?? figure;
  return withBest.has(figure) ? [heading, '(best)'] : [heading];
}

function cells(figure: string, { rounds }: Row): string[] {
  const values = rounds.flatMap((round) => round[figure] ?? []);
  if (values.length === 0) return withBest.has(figure) ? ['', ''] : [''];
  const middle = shown(figure, median(values));
  return withBest.has(figure) ? [middle, `(${shown(figure, best(figure, values))})`] : [middle];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 600);
}

export function promises(verdicts: readonly Verdict[], style: Style): string {
  const rows = verdicts.map((verdict) => [
    verdict.met ? style.good('met') : style.bad(verdict.measured === undefined ? 'not measured' : 'not met'),
    `${verdict.case}, ${verdict.of}`,
    headings[verdict.figure] ?? verdict.figure,
    wanted(verdict),
    reached(verdict),
  ]);
  return [style.strong('What was aimed at (bench/budget.json), against the median'), columns(rows)].join('\n');
}

function wanted({ figure, atMost, atLeast, timesPeer }: Verdict): string {
  if (timesPeer !== undefined) return `at least ${timesPeer} times the peer`;
  return atMost !== undefined ? `at most ${shown(figure, atMost)}` : `at least ${shown(figure, atLeast ?? 0)}`;
}

function reached({ figure, measured, timesPeer }: Verdict): string {
  if (measured === undefined) return '';
  return timesPeer === undefined ? shown(figure, measured) : `${measured.toFixed(1)} times`;
}
