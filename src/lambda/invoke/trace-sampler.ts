import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { type FunctionVersion, functionArn } from '../model/function.ts';

const shareOfTheRest = 0.05;

/** Which invocations of a function with active tracing are sampled: the first of each second, and one in twenty of the rest. */
export class TraceSampler {
  readonly #clock: Clock;
  readonly #random: Random;
  #second = 0;
  /** Functions that have had their first in this second. */
  readonly #had = new Set<string>();

  constructor({ clock, random }: { readonly clock: Clock; readonly random: Random }) {
    this.#clock = clock;
    this.#random = random;
  }

  samples(version: FunctionVersion): boolean {
    if (version.configuration.tracingMode !== 'Active') return false;
    const second = Math.floor(this.#clock.now() / 1000);
    if (second !== this.#second) this.#had.clear();
    this.#second = second;
    const arn = functionArn(version);
    if (this.#had.has(arn)) return Number.parseInt(this.#random.hex(4), 16) / 2 ** 32 < shareOfTheRest;
    this.#had.add(arn);
    return true;
  }
}
