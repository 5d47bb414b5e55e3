import type { Clock } from '../../base/clock.ts';
import type { Meter } from '../invoke/meter.ts';
import type { FunctionVersion } from '../model/function.ts';

/** How far the bill may be behind, and how long what is there may count as it was at the last look. */
const lookMs = 5_000;

export interface ProvisionedMeterParts {
  readonly clock: Clock;
  readonly meter: Meter;
  /** The provisioned environments that are there now. */
  made(): Iterable<readonly [version: FunctionVersion, ready: number]>;
}

/** Bills provisioned concurrency for being there. What a server that does not run would have had is not billed. */
export class ProvisionedMeter {
  readonly #parts: ProvisionedMeterParts;
  #lookedAt = 0;
  #cancel: (() => void) | undefined;

  constructor(parts: ProvisionedMeterParts) {
    this.#parts = parts;
  }

  begin(): void {
    this.#lookedAt = this.#parts.clock.monotonic();
    this.#again();
  }

  /** Meters up to now; also before what is there changes. */
  look(): void {
    if (this.#cancel === undefined) return;
    const { clock, meter, made } = this.#parts;
    const now = clock.monotonic();
    const elapsedMs = Math.round(now - this.#lookedAt);
    if (elapsedMs === 0) return;
    this.#lookedAt = now;
    for (const [version, ready] of made()) {
      if (ready > 0) meter.allocated(allocation(version, ready * elapsedMs, clock.now()));
    }
  }

  stop(): void {
    this.look();
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #again(): void {
    this.#cancel = this.#parts.clock.after(lookMs, () => {
      this.look();
      this.#again();
    });
  }
}

function allocation(of: FunctionVersion, allocatedMs: number, at: number) {
  const { accountId, region, name: functionName, version } = of;
  const { architecture, memorySizeMb } = of.configuration;
  return { accountId, region, functionName, version, architecture, memorySizeMb, at, allocatedMs };
}
