import type { Clock } from '../../base/clock.ts';
import type { FunctionVersion } from '../model/function.ts';
import type { Environment, EnvironmentParts } from './environment.ts';
import { Fleet, type LeaseResult, type Waiter } from './fleet.ts';
import { initFailure } from './provision.ts';

export interface PoolSettings {
  readonly environmentsMax: number;
  /** Sum of the memory sizes of all environments. */
  readonly memoryBudgetMb: number;
  readonly freezeAfterMs: number;
  readonly idleMsMax: number;
  readonly leaseWaitMsMax: number;
  /** To boot a runtime is work for the processor: more at once than it has room for makes all of them late. */
  readonly startingMax: number;
  /** What a function does in its init may be nothing but waiting: so many may be between their start and their first event. */
  readonly initialisingMax: number;
}

export interface LeaseOptions {
  readonly signal?: AbortSignal;
  /** An asynchronous event: it waits behind those whose callers wait. */
  readonly background?: boolean;
}

type Hooks = Pick<EnvironmentParts, 'booted' | 'offered' | 'forgotten'>;

export interface PoolParts {
  readonly clock: Clock;
  readonly settings: PoolSettings;
  /** Milliseconds until a new environment of this version could answer, roughly. */
  startCostMs(version: FunctionVersion): number;
  create(version: FunctionVersion, hooks: Hooks, provisioned: boolean): Environment;
  /** Gives up something that holds room (`claim`) and is not in use; false when there is nothing like that. */
  evictOther?(): boolean;
}

/**
 * An asynchronous event rather waits so long than that another environment is started. A backlog of short ones would
 * otherwise start as many as it may have, which take the processor from each other.
 */
const backgroundWaitMs = 250;
const sweepMs = 50;
const sweepIdleMs = 5_000;

/**
 * Every environment there is. `lease` gives one that can take an invocation: a free one, else a new one as far as the
 * machine carries it, else one that another invocation gives back within the wait.
 */
export class Pool {
  readonly #parts: PoolParts;
  readonly #fleets = new Map<string, Fleet>();
  /** In which somebody waits, or did. */
  readonly #waitedFor = new Set<Fleet>();
  #count = 0;
  #starting = 0;
  readonly #booting = new Set<Environment>();
  #memoryMb = 0;
  #cancelSweep: (() => void) | undefined;
  #sweepEveryMs = 0;
  #closed = false;
  /** While one is evicted for somebody, the room it leaves is not for others. */
  #evicting = false;

  constructor(parts: PoolParts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#count;
  }

  /** The environment is the caller's until `release`. Never rejects. */
  lease(version: FunctionVersion, options: LeaseOptions = {}): LeaseResult | Promise<LeaseResult> {
    if (this.#closed) return { kind: 'lost', why: 'the server is stopping' };
    const fleet = this.#fleet(version);
    const environment = fleet.takeFree();
    if (environment !== undefined) return { kind: 'leased', environment };
    return this.#wait(fleet, options);
  }

  release(environment: Environment, durationMs: number): void {
    const fleet = this.#fleets.get(environment.parts.version.id);
    if (fleet === undefined || environment.state.name === 'gone') return;
    fleet.finished(durationMs);
    this.#hand(fleet, environment);
  }

  /** Room for something that is no environment; evicts what is idle for it, if it may. */
  claim(memoryMb: number, mayEvict: boolean): boolean {
    if (this.#closed || !(mayEvict ? this.#makeRoomFor(memoryMb) : this.#fits(memoryMb))) return false;
    this.#count += 1;
    this.#memoryMb += memoryMb;
    return true;
  }

  yield(memoryMb: number): void {
    this.#count -= 1;
    this.#memoryMb -= memoryMb;
    if (!this.#closed && !this.#evicting) this.#considerOthers();
  }

  /** From now on so many environments of this version are made ahead, and kept. */
  provision(version: FunctionVersion, wanted: number): void {
    const fleet = this.#fleet(version);
    fleet.provision.want(wanted);
    for (const environment of [...fleet.free]) {
      if (environment.parts.provisioned && fleet.provision.surplus) environment.retire('fewer are provisioned');
    }
    this.#makeAhead(fleet);
    this.#forgetEmpty(fleet);
  }

  /** How many of those that were made ahead are there, initialised, and why there are no more. */
  provisioned(versionId: string): { readonly ready: number; readonly failure?: string } {
    const fleet = this.#fleets.get(versionId);
    if (fleet === undefined) return { ready: 0 };
    const ready = [...fleet.environments].filter(isProvisionedAndReady).length;
    const carried = ready >= fleet.provision.wanted || this.#carriesProvisioned();
    return { ready, failure: carried ? fleet.provision.failure : this.#tooMuch() };
  }

  /** Code or configuration changed: what runs may finish, nothing new starts here. */
  retireVersion(versionId: string): void {
    const fleet = this.#fleets.get(versionId);
    if (fleet === undefined) return;
    fleet.retired = true;
    fleet.provision.want(0);
    for (const environment of [...fleet.free]) environment.retire('its version was replaced');
  }

  /** Ends every environment, whatever it does. */
  close(): void {
    this.#closed = true;
    this.#cancelSweep?.();
    for (const fleet of this.#fleets.values()) {
      fleet.provision.cancelRetry();
      for (const waiter of fleet.waitersBefore(Number.POSITIVE_INFINITY)) {
        waiter.resolve({ kind: 'lost', why: 'the server is stopping' });
      }
      for (const environment of [...fleet.environments]) environment.retire('the server is stopping');
    }
  }

  #fleet(version: FunctionVersion): Fleet {
    const known = this.#fleets.get(version.id);
    if (known !== undefined) return known;
    const fleet = new Fleet(version);
    this.#fleets.set(version.id, fleet);
    return fleet;
  }

  #wait(fleet: Fleet, { signal, background = false }: LeaseOptions): Promise<LeaseResult> {
    return new Promise((resolve) => {
      const waiter: Waiter = { since: this.#parts.clock.monotonic(), background, resolve };
      fleet.addWaiter(waiter);
      this.#waitedFor.add(fleet);
      signal?.addEventListener('abort', () => {
        if (fleet.removeWaiter(waiter)) resolve({ kind: 'lost', why: 'nobody waits for it any more' });
      });
      this.#consider(fleet);
      this.#sweepAgain(sweepMs);
    });
  }

  /** Starts as many environments as there are waiters that no start under way will serve. */
  #consider(fleet: Fleet): void {
    while (fleet.waiting > fleet.starting && !this.#closed) {
      if (this.#freedSooner(fleet)) return this.#reconsiderLater(fleet);
      if (!this.#makeRoom(fleet.version)) return;
      this.#start(fleet);
    }
  }

  /** Short invocations give environments back before a new one could answer: waiting is faster and cheaper. */
  #freedSooner(fleet: Fleet): boolean {
    if (fleet.busy === 0 || fleet.reconsidering || fleet.meanDurationMs === 0) return fleet.reconsidering;
    const everyMs = fleet.meanDurationMs / fleet.busy;
    if (everyMs * fleet.waiting >= backgroundWaitMs) return false;
    return everyMs * fleet.foreground < this.#parts.startCostMs(fleet.version);
  }

  #reconsiderLater(fleet: Fleet): void {
    if (fleet.reconsidering) return;
    fleet.reconsidering = true;
    const { clock } = this.#parts;
    const costMs = this.#parts.startCostMs(fleet.version);
    clock.after(Math.ceil(costMs), () => {
      fleet.reconsidering = false;
      const { first } = fleet;
      const waitMs = first?.background ? Math.max(costMs, backgroundWaitMs) : costMs;
      const late = first !== undefined && clock.monotonic() - first.since >= waitMs;
      // Whoever has waited as long as a start takes gets one, whatever the mean says.
      if (late && fleet.waiting > fleet.starting && this.#makeRoom(fleet.version)) this.#start(fleet);
      this.#consider(fleet);
    });
  }

  /** As many as are wanted and there is room for; those who wait go before. */
  #makeAhead(fleet: Fleet): void {
    while (fleet.provision.lacks && !fleet.retired && !this.#closed && this.#makeRoom(fleet.version)) {
      this.#start(fleet, true);
    }
  }

  #start(fleet: Fleet, provisioned = false): void {
    this.#changeStarting(fleet, 1);
    if (provisioned) fleet.provision.alive += 1;
    const hooks: Hooks = {
      booted: (running) => {
        if (this.#booting.delete(running)) this.#considerOthers();
      },
      offered: (ready) => {
        this.#booting.delete(ready);
        this.#changeStarting(fleet, -1);
        this.#offered(fleet, ready);
        this.#considerOthers();
      },
      forgotten: (lost) => this.#forget(fleet, lost),
    };
    const environment = this.#parts.create(fleet.version, hooks, provisioned);
    fleet.environments.add(environment);
    this.#booting.add(environment);
    this.#count += 1;
    this.#memoryMb += fleet.version.configuration.memorySizeMb;
    environment.initialise();
  }

  #offered(fleet: Fleet, environment: Environment): void {
    const { provisioned } = environment.parts;
    if (provisioned && environment.state.name === 'cold') this.#failedAhead(fleet, initFailure);
    else if (provisioned) fleet.provision.succeeded();
    this.#hand(fleet, environment);
  }

  #failedAhead(fleet: Fleet, why: string): void {
    const waitMs = fleet.provision.failed(why);
    if (waitMs === undefined || this.#closed) return;
    fleet.provision.cancelRetry = this.#parts.clock.after(waitMs, () => {
      fleet.provision.resume();
      this.#makeAhead(fleet);
    });
  }

  #changeStarting(fleet: Fleet, by: number): void {
    fleet.starting += by;
    this.#starting += by;
  }

  #hand(fleet: Fleet, environment: Environment): void {
    if (fleet.retired && fleet.waiting === 0) return environment.retire('its version was replaced');
    if (isSpent(environment) || (environment.parts.provisioned && fleet.provision.surplus)) {
      return environment.retire('another is made ahead');
    }
    const waiter = fleet.nextWaiter();
    if (waiter !== undefined) return waiter.resolve({ kind: 'leased', environment });
    fleet.putFree(environment);
    this.#sweepAgain(sweepMs);
    // Somebody else may have waited for room, and this one can make some.
    if (this.#waitedFor.size > 0 || this.#full()) this.#considerOthers();
  }

  #forget(fleet: Fleet, environment: Environment): void {
    if (!fleet.environments.delete(environment)) return;
    this.#booting.delete(environment);
    this.#count -= 1;
    this.#memoryMb -= fleet.version.configuration.memorySizeMb;
    if (environment.parts.provisioned) fleet.provision.alive -= 1;
    if (!fleet.removeFree(environment) && environment.neverOffered) this.#lostAtStart(fleet, environment);
    this.#forgetEmpty(fleet);
    if (!this.#closed && !this.#evicting) this.#considerOthers();
  }

  #lostAtStart(fleet: Fleet, { lostWhy: why = 'it ended while it started', parts }: Environment): void {
    this.#changeStarting(fleet, -1);
    if (parts.provisioned) this.#failedAhead(fleet, `Cannot start an environment: ${why}`);
    else fleet.nextWaiter()?.resolve({ kind: 'lost', why });
  }

  #forgetEmpty({ environments, waiting, provision, version }: Fleet): void {
    if (environments.size === 0 && waiting === 0 && provision.wanted === 0) this.#fleets.delete(version.id);
  }

  /** Whether the machine could ever hold all that is to be made ahead. */
  #carriesProvisioned(): boolean {
    const { environmentsMax, memoryBudgetMb } = this.#parts.settings;
    let count = 0;
    let memoryMb = 0;
    for (const { provision, version } of this.#fleets.values()) {
      count += provision.wanted;
      memoryMb += provision.wanted * version.configuration.memorySizeMb;
    }
    return count <= environmentsMax && memoryMb <= memoryBudgetMb;
  }

  #tooMuch(): string {
    const { environmentsMax, memoryBudgetMb } = this.#parts.settings;
    return `Cannot provision more: all together have ${environmentsMax} environments and ${memoryBudgetMb} MB on this server`;
  }

  #full(): boolean {
    const { environmentsMax, memoryBudgetMb } = this.#parts.settings;
    return this.#count >= environmentsMax || this.#memoryMb >= memoryBudgetMb;
  }

  #considerOthers(): void {
    for (const fleet of this.#waitedFor) {
      if (fleet.waiting > 0) this.#consider(fleet);
      else this.#waitedFor.delete(fleet);
    }
    for (const fleet of this.#fleets.values()) if (fleet.provision.lacks) this.#makeAhead(fleet);
  }

  /** True when one more environment of this version fits, after evicting the longest idle ones where that helps. */
  #makeRoom({ configuration }: FunctionVersion): boolean {
    const { startingMax, initialisingMax } = this.#parts.settings;
    if (this.#booting.size >= startingMax || this.#starting >= initialisingMax) return false;
    return this.#makeRoomFor(configuration.memorySizeMb) || this.#count === 0;
  }

  #fits(memoryMb: number): boolean {
    const { environmentsMax, memoryBudgetMb } = this.#parts.settings;
    return this.#count < environmentsMax && this.#memoryMb + memoryMb <= memoryBudgetMb;
  }

  #makeRoomFor(memoryMb: number): boolean {
    while (!this.#fits(memoryMb)) if (!this.#evictOne()) return false;
    return true;
  }

  #evictOne(): boolean {
    const victim = this.#longestIdle();
    this.#evicting = true;
    try {
      if (victim === undefined) return this.#parts.evictOther?.() ?? false;
      victim.retire('evicted to make room');
      return true;
    } finally {
      this.#evicting = false;
    }
  }

  #longestIdle(): Environment | undefined {
    let found: Environment | undefined;
    for (const fleet of this.#fleets.values()) {
      for (const environment of fleet.free) {
        if (environment.parts.provisioned) continue;
        if (found === undefined || environment.lastUsedAt < found.lastUsedAt) found = environment;
      }
    }
    return found;
  }

  #sweepAgain(everyMs: number): void {
    if (this.#closed || (this.#cancelSweep !== undefined && this.#sweepEveryMs <= everyMs)) return;
    this.#cancelSweep?.();
    this.#sweepEveryMs = everyMs;
    this.#cancelSweep = this.#parts.clock.after(everyMs, () => {
      this.#cancelSweep = undefined;
      this.#sweep();
    });
  }

  /** Freezes what rests, reclaims what has rested long, gives up on who waited too long, lets logs out. */
  #sweep(): void {
    const now = this.#parts.clock.monotonic();
    let active = false;
    for (const fleet of this.#fleets.values()) {
      for (const environment of fleet.environments) environment.parts.log.flush();
      this.#sweepFree(fleet, now);
      for (const waiter of fleet.waitersBefore(now - this.#parts.settings.leaseWaitMsMax)) {
        waiter.resolve({ kind: 'full' });
      }
      active ||= fleet.waiting > 0 || fleet.free.length < fleet.environments.size;
      active ||= fleet.free.some(({ state }) => state.name === 'idle' && !state.frozen);
    }
    this.#considerOthers();
    if (this.#count > 0) this.#sweepAgain(active ? sweepMs : sweepIdleMs);
  }

  #sweepFree(fleet: Fleet, now: number): void {
    const { freezeAfterMs, idleMsMax } = this.#parts.settings;
    for (const environment of [...fleet.free]) {
      const restedMs = now - environment.lastUsedAt;
      if (isSpent(environment)) environment.retire('another is made ahead');
      else if (restedMs >= idleMsMax && !environment.parts.provisioned) environment.retire('idle for too long');
      else if (restedMs >= freezeAfterMs) environment.rest();
    }
  }
}

/** One that was made ahead is no use without a process: another is made. */
function isSpent({ parts, state }: Environment): boolean {
  return parts.provisioned && state.name === 'cold';
}

function isProvisionedAndReady({ parts, state }: Environment): boolean {
  return parts.provisioned && (state.name === 'idle' || state.name === 'busy');
}
