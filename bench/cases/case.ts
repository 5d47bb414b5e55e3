import type { Bench, Subject } from '../targets/target.ts';

export interface Run extends Bench {
  /** Fewer rounds, shorter: to see that it works, not to quote. */
  readonly quick: boolean;
}

/** Name and number; the name ends in the unit. */
export type Figures = Readonly<Record<string, number>>;

export interface Row {
  readonly subject: Subject;
  /** What was asked of the subject: `node-1769`. */
  readonly of: string;
  /** The same measurement, again and again. Empty when it could not be made. */
  readonly rounds: readonly Figures[];
  /** Why there is nothing, or what is doubtful. */
  readonly note?: string;
}

export interface Case {
  readonly title: string;
  /** How it was done, for whoever reads the table. */
  readonly method: string;
  /** After which it is abandoned: about twice what it takes on a machine with two busy processors. */
  readonly secondsMax: number;
  /** Whether the peer takes part, which has to be installed before the clock runs. */
  readonly peer?: boolean;
  run(run: Run): Promise<Row[]>;
}
