import { DueQueue } from '../sqlite/due-queue.ts';

/** Where a delivery stands in line. */
export interface Place {
  readonly target: string;
  /** Deliveries of one lane are brought one after another. */
  readonly lane?: string;
}

interface Addressee {
  readonly number: number;
  readonly due: DueQueue;
  atOnce: number;
}

/** To one target; a slow one must not take every place. */
const atOnceMax = 16;

/**
 * What is to be brought when: in memory, numbers only. Each target has a queue of its own; `#appointments` says which
 * target to look at next. Of a lane only the first stands in its target's queue, the others behind it in the lane.
 */
export class Backlog {
  readonly #addressees = new Map<string, Addressee>();
  readonly #byNumber = new Map<number, string>();
  readonly #appointments = new DueQueue();
  readonly #lanes = new Map<string, { sequence: number; due: number }[]>();
  /** Out of their queues: being brought. */
  readonly #claimed = new Map<number, Place>();
  #number = 0;

  add(sequence: number, due: number, place: Place): void {
    if (place.lane !== undefined) {
      const lane = this.#lanes.get(place.lane);
      if (lane !== undefined) return void lane.push({ sequence, due });
      this.#lanes.set(place.lane, [{ sequence, due }]);
    }
    this.#stand(sequence, due, place.target);
  }

  /** `placeOf` tells where a delivery stands, or that it is gone. */
  claim(limit: number, now: number, placeOf: (sequence: number) => Place | undefined): number[] {
    const claimed: number[] = [];
    while (claimed.length < limit && (this.#appointments.soonest ?? Number.POSITIVE_INFINITY) <= now) {
      const target = this.#byNumber.get(this.#appointments.take() ?? 0) ?? '';
      const addressee = this.#addressees.get(target);
      if (addressee === undefined || addressee.atOnce >= atOnceMax) continue;
      // An old appointment; there is another at the right time.
      if ((addressee.due.soonest ?? Number.POSITIVE_INFINITY) > now) continue;
      const sequence = addressee.due.take() ?? 0;
      const place = placeOf(sequence);
      if (place !== undefined) {
        addressee.atOnce += 1;
        this.#claimed.set(sequence, place);
        claimed.push(sequence);
      }
      this.#appoint(addressee);
    }
    return claimed;
  }

  /** It is gone: whoever is behind it in its lane is next. */
  settled(sequence: number): void {
    const place = this.#left(sequence);
    if (place?.lane === undefined) return;
    const lane = this.#lanes.get(place.lane) ?? [];
    lane.shift();
    const [next] = lane;
    if (next === undefined) this.#lanes.delete(place.lane);
    else this.#stand(next.sequence, next.due, place.target);
  }

  /** It is tried again then; its lane waits for it. */
  postponed(sequence: number, due: number): void {
    const place = this.#left(sequence);
    if (place !== undefined) this.#stand(sequence, due, place.target);
  }

  nextDueAt(): number | undefined {
    return this.#appointments.soonest;
  }

  #stand(sequence: number, due: number, target: string): void {
    let addressee = this.#addressees.get(target);
    if (addressee === undefined) {
      addressee = { number: ++this.#number, due: new DueQueue(), atOnce: 0 };
      this.#addressees.set(target, addressee);
      this.#byNumber.set(addressee.number, target);
    }
    const before = addressee.due.soonest;
    addressee.due.add(due, sequence);
    if (before === undefined || due < before) this.#appoint(addressee);
  }

  #left(sequence: number): Place | undefined {
    const place = this.#claimed.get(sequence);
    if (place === undefined) return undefined;
    this.#claimed.delete(sequence);
    const addressee = this.#addressees.get(place.target);
    if (addressee === undefined) return place;
    addressee.atOnce -= 1;
    this.#retire(place.target, addressee);
    // It was passed over while every place of it was taken.
    this.#appoint(addressee);
    return place;
  }

  #appoint({ due, number }: Addressee): void {
    if (due.soonest !== undefined) this.#appointments.add(due.soonest, number);
  }

  /** Nothing stands there and nothing is under way: a target that nobody sends to any more is forgotten. */
  #retire(target: string, { due, number, atOnce }: Addressee): void {
    if (due.size > 0 || atOnce > 0) return;
    this.#addressees.delete(target);
    this.#byNumber.delete(number);
  }
}
