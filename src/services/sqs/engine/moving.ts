/** Moves messages out of a dead-letter queue, back to where they came from or elsewhere. */
import type { Clock } from '../../../base/clock.ts';
import type { Random } from '../../../base/random.ts';
import type { Log } from '../../../observe/log.ts';
import type { KeptMessage, SqliteMessages } from '../../../store/sqs/messages.ts';
import type { MoveTask, SqliteQueues } from '../../../store/sqs/queues.ts';
import { type Details, readDetails } from '../message.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';

export interface MovingParts {
  readonly queues: Queues;
  readonly records: SqliteQueues;
  readonly messages: SqliteMessages;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface MoveRequest {
  readonly sourceArn: string;
  readonly destinationArn?: string;
  readonly perSecondMax?: number;
}

const perStep = 100;
/** A list shows the ten latest tasks of a queue. */
const tasksKeptPerSource = 10;

export class Moving {
  readonly #parts: MovingParts;
  readonly #tasks = new Map<string, MoveTask>();
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor(parts: MovingParts) {
    this.#parts = parts;
    for (const task of parts.records.moveTasks()) this.#tasks.set(task.handle, task);
  }

  /** Goes on with what a former process left. */
  start(): void {
    for (const task of this.#tasks.values()) if (isUnderWay(task)) this.#run(task.handle);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  /** The latest first. */
  of(sourceArn: string): MoveTask[] {
    const tasks = [...this.#tasks.values()].filter((task) => task.sourceArn === sourceArn);
    return tasks.sort((a, b) => b.startedAt - a.startedAt);
  }

  get(handle: string): MoveTask | undefined {
    return this.#tasks.get(handle);
  }

  async begin(queue: Queue, request: MoveRequest): Promise<MoveTask> {
    const { clock, random } = this.#parts;
    const now = clock.now();
    const { visible, delayed, inFlight } = queue.counts(now);
    const handle = Buffer.from(JSON.stringify({ taskId: random.uuid(), sourceArn: request.sourceArn })).toString(
      'base64',
    );
    const toMove = visible + delayed + inFlight;
    await this.#keep({ ...request, handle, status: 'RUNNING', startedAt: now, toMove, moved: 0 });
    for (const old of this.of(request.sourceArn).slice(tasksKeptPerSource)) await this.#drop(old);
    this.#run(handle);
    return this.#task(handle);
  }

  async cancel(task: MoveTask): Promise<MoveTask> {
    await this.#keep({ ...this.#task(task.handle), status: 'CANCELLING' });
    return this.#task(task.handle);
  }

  #run(handle: string): void {
    const running = this.#steps(handle).catch((error) => {
      this.#parts.log.warn('A move of messages failed; it goes on at the next start', { why: String(error) });
    });
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  async #steps(handle: string): Promise<void> {
    while (!this.#stopped) {
      const task = this.#task(handle);
      if (task.status === 'CANCELLING') return this.#keep({ ...task, status: 'CANCELLED' });
      const { perSecondMax } = task;
      const moved = await this.#step(task, Math.min(perStep, perSecondMax ?? perStep));
      const now = this.#task(handle);
      if (moved === 'source gone')
        return this.#keep({ ...now, status: 'FAILED', failureReason: 'AWS.SimpleQueueService.NonExistentQueue' });
      if (moved === 'no destination')
        return this.#keep({ ...now, status: 'FAILED', failureReason: 'CouldNotDetermineMessageSource' });
      if (moved === 0) return this.#keep({ ...now, status: now.status === 'CANCELLING' ? 'CANCELLED' : 'COMPLETED' });
      await this.#keep({ ...now, moved: now.moved + moved });
      if (perSecondMax !== undefined) await this.#parts.clock.sleep((1000 * moved) / perSecondMax);
    }
  }

  async #step(task: MoveTask, limit: number): Promise<number | 'source gone' | 'no destination'> {
    const { queues, messages, clock } = this.#parts;
    const source = queues.byArn(task.sourceArn);
    if (source === undefined) return 'source gone';
    const now = clock.now();
    const taken = source.take(limit, now);
    const moves = taken.flatMap(({ sequence }) => this.#move(task, messages.read(sequence), now) ?? []);
    try {
      await messages.change({ moved: moves });
      for (const { from, to, target } of moves) {
        target.put(to.sequence, to.visibleAt, to.group);
        source.settled(from);
      }
    } finally {
      // What was not moved may be received again.
      for (const { sequence, group } of taken) {
        source.received({ sequence, group, receives: 0, receivedAt: now, visibleAt: now });
      }
    }
    return moves.length < taken.length ? 'no destination' : moves.length;
  }

  #move(task: MoveTask, kept: KeptMessage | undefined, now: number) {
    if (kept === undefined) return undefined;
    const details = readDetails(kept);
    const target = this.#parts.queues.byArn(task.destinationArn ?? details.deadLetterSource ?? '');
    if (target === undefined) return undefined;
    const { body: _, received: __, ...row } = kept;
    // AWS makes new messages of them: another id, another time of sending, never received.
    const place = { sequence: this.#parts.messages.nextSequence(), queue: target.id, sentAt: now, visibleAt: now };
    const fresh: Details = { ...details, id: this.#parts.random.uuid(), deadLetterSource: undefined };
    return {
      from: kept.sequence,
      to: { ...row, ...place, details: JSON.stringify(fresh) },
      target,
      fresh: true,
    } as const;
  }

  #task(handle: string): MoveTask {
    const task = this.#tasks.get(handle);
    if (task === undefined) throw new Error(`Cannot move messages: task ${handle} is not there`);
    return task;
  }

  async #keep(task: MoveTask): Promise<void> {
    this.#tasks.set(task.handle, task);
    await this.#parts.records.putMoveTask(task);
  }

  async #drop({ handle }: MoveTask): Promise<void> {
    this.#tasks.delete(handle);
    await this.#parts.records.dropMoveTask(handle);
  }
}

export function isUnderWay({ status }: MoveTask): boolean {
  return status === 'RUNNING' || status === 'CANCELLING';
}
