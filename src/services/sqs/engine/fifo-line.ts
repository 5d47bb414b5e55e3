import { DueQueue } from '../../../store/sqlite/due-queue.ts';
import type { Line, Taken } from './line.ts';

interface Waiting {
  readonly sequence: number;
  readonly visibleAt: number;
}

interface Group {
  readonly name: string;
  /** In the order of sending. */
  readonly waiting: Waiting[];
  inFlight: number;
}

/**
 * A FIFO queue: within a group, messages are received in the order of sending, and none while others of the group are in
 * flight. Groups take turns: a group goes to the end of `ready` when it may be received from again.
 *
 *   first message ──► ready ──take──► in flight ──all settled or back──► ready, if more is waiting
 *                       ▲
 *   its head is delayed ┘ when the time has come
 */
export class FifoLine implements Line {
  readonly #groups = new Map<string, Group>();
  readonly #ready = new Set<Group>();
  /** Heads that are not visible yet, and whose they are. */
  readonly #delayed = new DueQueue();
  readonly #delayedHeads = new Map<number, Group>();
  #waiting = 0;

  put(sequence: number, visibleAt: number, name = ''): void {
    const group = this.#group(name);
    const { waiting } = group;
    let at = waiting.length;
    while (at > 0 && (waiting[at - 1]?.sequence ?? 0) > sequence) at -= 1;
    waiting.splice(at, 0, { sequence, visibleAt });
    this.#waiting += 1;
    this.#offer(group);
  }

  /** From one group as many as there are, then from the next: AWS fills a receive from one group as far as it can. */
  take(limit: number, now: number): Taken[] {
    this.#ripen(now);
    const taken: Taken[] = [];
    for (const group of this.#ready) {
      if (taken.length >= limit) break;
      const out = group.waiting.splice(0, visibleHeads(group, limit - taken.length, now));
      taken.push(...out.map(({ sequence }) => ({ sequence, group: group.name })));
      this.#ready.delete(group);
      this.#waiting -= out.length;
      group.inFlight += out.length;
      if (out.length === 0) this.#offer(group, now);
    }
    return taken;
  }

  flies(name = ''): void {
    this.#group(name).inFlight += 1;
  }

  settled(name = ''): void {
    const group = this.#group(name);
    group.inFlight -= 1;
    this.#offer(group);
  }

  remove(sequence: number, name = ''): void {
    const group = this.#group(name);
    const at = group.waiting.findIndex((one) => one.sequence === sequence);
    if (at < 0) return;
    group.waiting.splice(at, 1);
    this.#waiting -= 1;
    this.#offer(group);
  }

  nextAt(): number | undefined {
    return this.#ready.size > 0 ? 0 : this.#delayed.soonest;
  }

  counts(now: number): { visible: number; delayed: number } {
    this.#ripen(now);
    let delayed = 0;
    for (const group of new Set(this.#delayedHeads.values())) {
      delayed += group.waiting.filter(({ visibleAt }) => visibleAt > now).length;
    }
    return { visible: this.#waiting - delayed, delayed };
  }

  #group(name: string): Group {
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = { name, waiting: [], inFlight: 0 };
      this.#groups.set(name, group);
    }
    return group;
  }

  /** Where the group belongs now. What is delayed is looked at again when its time has come. */
  #offer(group: Group, now = Number.NEGATIVE_INFINITY): void {
    const [head] = group.waiting;
    if (group.inFlight > 0) return;
    if (head === undefined) {
      this.#ready.delete(group);
      this.#groups.delete(group.name);
      return;
    }
    if (head.visibleAt <= now) {
      this.#ready.add(group);
      return;
    }
    if (this.#ready.has(group) || this.#delayedHeads.get(head.sequence) === group) return;
    this.#delayedHeads.set(head.sequence, group);
    this.#delayed.add(head.visibleAt, head.sequence);
  }

  #ripen(now: number): void {
    for (let due = this.#delayed.soonest; due !== undefined && due <= now; due = this.#delayed.soonest) {
      const sequence = this.#delayed.take() ?? 0;
      const group = this.#delayedHeads.get(sequence);
      this.#delayedHeads.delete(sequence);
      if (group !== undefined && this.#groups.get(group.name) === group) this.#offer(group, now);
    }
  }
}

/** How many at the front may be received, up to `limit`. */
function visibleHeads({ waiting }: Group, limit: number, now: number): number {
  let count = 0;
  while (count < limit && (waiting[count]?.visibleAt ?? Number.POSITIVE_INFINITY) <= now) count += 1;
  return count;
}
