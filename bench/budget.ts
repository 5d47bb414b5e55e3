/** The promises of budget.json, and whether a run kept them. They are aims: a shared machine fails nobody's build. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './cases/case.ts';
import { median } from './figures.ts';

export interface Promised {
  readonly case: string;
  readonly subject: string;
  readonly of: string;
  readonly figure: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** At least so many times what the peer reached in the same run. */
  readonly timesPeer?: number;
}

export interface Verdict extends Promised {
  /** The median of all rounds, or how many times the peer's it is; undefined when it was not measured. */
  readonly measured?: number;
  readonly met: boolean;
}

export function readBudget(): Promised[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'budget.json'), 'utf8'));
}

/** What was promised of a case; `rows` are all of its rows. */
export function judge(name: string, rows: readonly Row[], budget: readonly Promised[]): Verdict[] {
  return budget.filter((promised) => promised.case === name).map((promised) => verdict(promised, rows));
}

function verdict(promised: Promised, rows: readonly Row[]): Verdict {
  const { of, figure, atMost, atLeast, timesPeer } = promised;
  const own = medianOf(rows, promised.subject, of, figure);
  if (timesPeer !== undefined) {
    const times = own / medianOf(rows, 'peer', of, figure);
    return result(promised, times, times >= timesPeer);
  }
  return result(
    promised,
    own,
    own <= (atMost ?? Number.POSITIVE_INFINITY) && own >= (atLeast ?? Number.NEGATIVE_INFINITY),
  );
}

function result(promised: Promised, measured: number, met: boolean): Verdict {
  return { ...promised, ...(!Number.isNaN(measured) && { measured }), met };
}

function medianOf(rows: readonly Row[], subject: string, of: string, figure: string): number {
  const rounds = rows.filter((row) => row.subject === subject && row.of === of).flatMap((row) => row.rounds);
  return median(rounds.flatMap((round) => round[figure] ?? []));
}
