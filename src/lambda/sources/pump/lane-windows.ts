/**
 * A lane with tumbling windows: its batches go one after the other, each of one window, and hand a state on. A window ends
 * when a record of a later one comes, when its time is over and nothing more is there, when its lane ends, or early when its
 * state grows too large. The state is kept with the place, so a server that is killed goes on in the middle of a window.
 */
import type { Log } from '../../../observe/log.ts';
import type { OpenWindow } from '../../model/mapping/checkpoint.ts';
import type { Checkpoints, StreamRecord, StreamSource } from '../stream.ts';
import type { BatchOutcome, Invoker } from './invoker.ts';
import { type BatchParts, finish, type Gathered, type LaneWay, pause, retryMsMax, retryMsMin } from './lane-batches.ts';
import { answeredState, freshWindow, isTooLarge, type Told, windowMembers, windowRuns } from './tumbling-window.ts';

export interface WindowParts extends BatchParts {
  readonly source: StreamSource;
  readonly invoker: Invoker;
  readonly checkpoints: Checkpoints;
  /** How long a window is; 0 for none. */
  readonly tumblingMs: number;
  /** Of the stream. */
  readonly sourceArn: string;
  readonly log: Log;
  /** Names the mapping in the log. */
  readonly arn: string;
}

/** For records that are on their way when their window is over. */
const lateMsMax = 2000;

export class LaneWindows implements LaneWay {
  readonly #lane: string;
  readonly #parts: WindowParts;
  readonly #signal: AbortSignal;
  #open: OpenWindow | undefined;

  constructor(lane: string, parts: WindowParts, signal: AbortSignal) {
    this.#lane = lane;
    this.#parts = parts;
    this.#signal = signal;
    this.#open = parts.checkpoints.get(lane)?.window;
  }

  async take({ records, next, behind }: Gathered, from: string | undefined): Promise<boolean> {
    let place = from;
    for (const run of windowRuns(records, this.#parts.tumblingMs, this.#open?.startMs)) {
      if (this.#open !== undefined && run.startMs > this.#open.startMs && !(await this.#ends('over', place)))
        return false;
      if (!(await this.#run(run.startMs, run.records))) return false;
      place = run.records.at(-1)?.position;
      if (place !== undefined) await this.#keep(place);
    }
    const over = next === 'end' || (records.length === 0 && !behind && this.#isOver());
    if (over && this.#open !== undefined && !(await this.#ends('over', place))) return false;
    if (next !== place) await this.#keep(next);
    return true;
  }

  #isOver(): boolean {
    return this.#open !== undefined && this.#parts.clock.now() >= this.#open.endMs + lateMsMax;
  }

  #keep(position: string): Promise<void> {
    return this.#parts.checkpoints.put(this.#lane, { position, window: this.#open });
  }

  async #run(startMs: number, records: readonly StreamRecord[]): Promise<boolean> {
    const invoke = (batch: readonly StreamRecord[]) => this.#invoke(startMs, batch);
    if (!(await finish(this.#lane, records, this.#parts, this.#signal, invoke))) return false;
    return this.#open === undefined || !isTooLarge(this.#open) || this.#ends('early', undefined);
  }

  async #invoke(startMs: number, records: readonly StreamRecord[]): Promise<BatchOutcome> {
    if (this.#open !== undefined && isTooLarge(this.#open) && !(await this.#ends('early', undefined))) return stopped;
    const window = this.#open ?? freshWindow(startMs, this.#parts.tumblingMs);
    this.#open = window;
    const outcome = await this.#parts.invoker.invoke(records, { members: this.#members(window, 'none') });
    if (outcome.kind !== 'taken') return outcome;
    const state = answeredState(outcome.answer);
    if (state === undefined) return { kind: 'failed', why: noState, invocation: outcome.invocation };
    this.#open = { ...window, state };
    return outcome;
  }

  /** Tells the function; false when a stop came before. `place`: behind all records that the window has had, if known. */
  async #ends(end: 'over' | 'early', place: string | undefined): Promise<boolean> {
    const window = this.#open;
    if (window === undefined) return true;
    if (!(await this.#toldOfEnd(window, end))) return false;
    this.#open = undefined;
    if (place !== undefined) await this.#keep(place);
    return true;
  }

  async #toldOfEnd(window: OpenWindow, end: 'over' | 'early'): Promise<boolean> {
    const { invoker, clock, result } = this.#parts;
    let waitMs = retryMsMin;
    for (let failures = 0; !this.#signal.aborted; waitMs = Math.min(retryMsMax, waitMs * 2)) {
      const outcome = await invoker.invoke([], { members: this.#members(window, end) });
      result(outcome.kind === 'taken' ? undefined : outcome.why);
      if (outcome.kind === 'taken') return true;
      if (outcome.kind === 'failed') failures += 1;
      if (this.#isGivenUp(window, failures)) return true;
      await pause(clock, waitMs, this.#signal);
    }
    return false;
  }

  /** By the rules for records: the last of the window's could not be younger than its end. */
  #isGivenUp({ startMs, endMs }: OpenWindow, failures: number): boolean {
    const { policy, clock, log, arn } = this.#parts;
    const old = policy.ageMsMax >= 0 && clock.now() - endMs > policy.ageMsMax;
    const tired = policy.retriesMax >= 0 && failures > policy.retriesMax;
    if (!old && !tired) return false;
    const window = new Date(startMs).toISOString();
    log.warn('Dropped the state of a window', { mapping: arn, lane: this.#lane, window });
    return true;
  }

  #members(window: OpenWindow, end: Told['end']): string {
    return windowMembers({ window, shardId: this.#lane, sourceArn: this.#parts.sourceArn, end });
  }
}

const stopped: BatchOutcome = { kind: 'later', why: 'The mapping is stopped' };
const noState = 'The function answered something that is no state of a window';
