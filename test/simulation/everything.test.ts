/**
 * The scheduler and the queue together, by seed: callers and events at once, while reservations, provisioned concurrency and
 * code change, the machine is too small, functions hang and die, and the pump is started anew. LAMBENT_SEED repeats one night,
 * LAMBENT_NIGHTS makes more of them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '../../src/base/random.ts';
import { AsyncMetrics } from '../../src/lambda/invoke/async-metrics.ts';
import { AsyncPump } from '../../src/lambda/invoke/async-pump.ts';
import type { FunctionVersion } from '../../src/lambda/model/function.ts';
import { silentLog } from '../../src/observe/log.ts';
import { SqliteAsyncEvents } from '../../src/store/sqlite/async-events.ts';
import type { Unit, UnitWriter } from '../../src/store/sqlite/unit.ts';
import { memoryDocuments } from '../../src/store/testing/memory.ts';
import { dice } from '../harness/dice.ts';
import { aVersion, type Behaviour, World } from './world.ts';

const nights = Number(process.env.LAMBENT_NIGHTS ?? 1_000);
const leaseWaitMsMax = 5_000;
/** As the world has it. */
const initMsMax = 10_000;
const idleMsMax = 60_000;
const timeoutSecondsMax = 3;
/** Of a caller: in line until a sweep, then running. */
const answerMsMax = leaseWaitMsMax + 100 + timeoutSecondsMax * 1_000;
const eventsEndMsMax = 7 * 3_600_000;
/** Longer than a start that is to be made ahead is put off after others failed. */
const restartMsMax = 600_000;
const memorySizesMb = [128, 256, 512] as const;
const behaviours = ['answer', 'answer', 'answer', 'answer', 'throw', 'exit', 'hang', 'fatal'] as const;
/** Every night ends with an empty queue, so that one database does for all. */
const { database, writer } = memoryDocuments();

/** A function, as its owner sees it. */
interface Owned {
  latest: FunctionVersion;
  published: FunctionVersion;
  reserved?: number;
  provisioned: number;
}

interface Begun {
  readonly version: FunctionVersion;
  /** How often limits had changed when it was let in. */
  readonly epoch: number;
}

/** A dead process writes no more, and hears of nothing. */
class Disk implements UnitWriter {
  gone = false;

  write(unit: Unit): Promise<boolean> {
    return this.gone ? new Promise(() => {}) : writer.write(unit);
  }
}

class Night {
  readonly #roll: () => number;
  readonly #limit: number;
  readonly #settings: { readonly environmentsMax: number; readonly memoryBudgetMb: number };
  readonly #world: World;
  readonly #functions: readonly [Owned, Owned, Owned];
  /** Versions that are to run no more. */
  readonly #replaced: FunctionVersion[] = [];
  readonly #broken = new Set<string>();
  #disk = new Disk();
  #store = new SqliteAsyncEvents(database, this.#disk);
  #pump: AsyncPump;
  #serial = 0;
  #epoch = 0;
  readonly #let = new Map<string, Begun>();
  readonly #running = new Map<string, Begun>();
  #unanswered = 0;
  /** Events that will succeed once they run, until they did. */
  readonly #hopeful = new Set<string>();

  constructor(seed: number) {
    this.#roll = dice(seed);
    this.#limit = 8 + this.#pick(10);
    this.#settings = { environmentsMax: 4 + this.#pick(5), memoryBudgetMb: 1536 + 512 * this.#pick(3) };
    const more = { startingMax: 1 + this.#pick(4), initialisingMax: 1 + this.#pick(8), idleMsMax, leaseWaitMsMax };
    this.#world = new World({ ...this.#settings, ...more }, this.#limit);
    this.#world.watch = {
      began: (requestId) => this.#began(requestId),
      ended: (requestId) => this.#running.delete(requestId),
    };
    this.#functions = [this.#created('a'), this.#created('b'), this.#created('c')];
    this.#pump = this.#newPump();
  }

  /** Every promise that was broken. */
  async run(): Promise<string[]> {
    for (let step = 0; step < 30; step += 1) {
      this.#step(this.#one(this.#functions));
      this.#pump.look();
      await this.#world.clock.advance(this.#pick(120));
    }
    await this.#morning();
    return [...this.#broken, ...this.#world.faults];
  }

  #step(owned: Owned): void {
    this.#world.initOutcome = this.#roll() < 0.9 ? 'ready' : this.#one(['init-error', 'exit', 'hang'] as const);
    const chance = this.#roll();
    if (chance < 0.06) this.#reserve(owned, this.#one([undefined, undefined, 1, 2]));
    else if (chance < 0.12) this.#provision(owned, this.#pick(2));
    else if (chance < 0.17) this.#update(owned);
    else if (chance < 0.2) this.#publish(owned);
    else if (chance < 0.25) this.#world.killOne();
    else if (chance < 0.28) this.#restartPump();
    else if (chance < 0.55) this.#accept(owned);
    else void this.#call(this.#roll() < 0.7 ? owned.latest : owned.published);
  }

  /** What must be true when nobody comes any more. */
  async #morning(): Promise<void> {
    const { clock, pool } = this.#world;
    this.#world.initOutcome = 'ready';
    const answered = () => this.#unanswered === 0;
    this.#expect(await this.#soon(answered, answerMsMax, 500), `${this.#unanswered} callers were never answered`);
    const gone = () => this.#replaced.every((version) => this.#world.aliveOf(version) === 0);
    this.#expect(
      await this.#soon(gone, initMsMax + answerMsMax, 500),
      'environments of code that was replaced are kept',
    );
    const made = () => this.#functions.every(({ published, provisioned }) => this.#made(published) === provisioned);
    this.#expect(await this.#soon(made, restartMsMax, 5_000), 'not all is made ahead that is to be');
    for (const owned of this.#functions) this.#provision(owned, 0);
    const ended = () => this.#store.count() === 0;
    this.#expect(await this.#soon(ended, eventsEndMsMax, 60_000), `${this.#store.count()} events never ended`);
    this.#expect(this.#hopeful.size === 0, `events never ran to their end: ${[...this.#hopeful]}`);
    void this.#pump.stop();
    await clock.advance(idleMsMax + 10_000);
    this.#expect(pool.count === 0 && this.#world.alive === 0, `${pool.count} environments are left over`);
    const { environmentsMax, memoryBudgetMb } = this.#settings;
    const { aliveMost, memoryMbMost } = this.#world;
    this.#expect(aliveMost <= environmentsMax, `${aliveMost} of ${environmentsMax} environments`);
    this.#expect(memoryMbMost <= memoryBudgetMb, `${memoryMbMost} of ${memoryBudgetMb} MB`);
  }

  /** Whether it becomes so within this time. */
  async #soon(fact: () => boolean, withinMs: number, stepMs: number): Promise<boolean> {
    for (let ms = 0; ms < withinMs && !fact(); ms += stepMs) await this.#world.clock.advance(stepMs);
    return fact();
  }

  #made({ id }: FunctionVersion): number {
    return this.#world.pool.provisioned(id).ready;
  }

  async #call(version: FunctionVersion): Promise<void> {
    const { clock } = this.#world;
    const since = clock.now();
    this.#unanswered += 1;
    await this.#invoke(`r-${this.#next()}`, version, this.#payload(this.#one(behaviours)), false);
    this.#unanswered -= 1;
    const ms = clock.now() - since;
    this.#expect(ms <= answerMsMax, `a caller waited ${ms} ms`);
  }

  #accept({ latest }: Owned): void {
    const what = this.#one(behaviours);
    const id = `e-${this.#next()}`;
    if (what === 'answer') this.#hopeful.add(id);
    const { accountId, region, name: functionName } = latest;
    const now = this.#world.clock.now();
    const due = { acceptedAt: now, attempts: 0, nextAttemptAt: now };
    void this.#store.add({ id, accountId, region, functionName, payload: this.#payload(what), ...due });
  }

  #invoke(requestId: string, version: FunctionVersion, payload: Buffer, background: boolean) {
    this.#let.set(requestId, { version, epoch: this.#epoch });
    return this.#world.engine.invoke({ version, invokedArn: 'arn', requestId, payload, logTail: false, background });
  }

  /** Those that were let in since the limits last changed keep within them. */
  #began(requestId: string): void {
    const begun = this.#let.get(requestId);
    if (begun === undefined) return this.#expect(false, `nobody asked for ${requestId}`);
    this.#running.set(requestId, begun);
    const since = [...this.#running.values()].filter(({ epoch }) => epoch === this.#epoch);
    this.#expect(since.length <= this.#limit, `${since.length} of ${this.#limit} run`);
    for (const { latest, reserved = this.#limit } of this.#functions) {
      const own = since.filter(({ version }) => version.name === latest.name).length;
      this.#expect(own <= reserved, `${own} of ${reserved} reserved run`);
    }
  }

  #reserve(owned: Owned, places: number | undefined): void {
    this.#epoch += 1;
    // A reservation is no smaller than what is made ahead.
    owned.reserved = places === undefined ? undefined : places + owned.provisioned;
    this.#world.admission.reserve(owned.latest, owned.reserved);
  }

  #provision(owned: Owned, wanted: number): void {
    this.#epoch += 1;
    if (owned.reserved !== undefined) this.#reserve(owned, undefined);
    owned.provisioned = wanted;
    const { published } = owned;
    this.#world.admission.provision(published, wanted === 0 ? new Map() : new Map([[published.version, wanted]]));
    this.#world.pool.provision(published, wanted);
  }

  #update(owned: Owned): void {
    const before = owned.latest;
    owned.latest = this.#anew(before.name);
    this.#replaced.push(before);
    this.#world.pool.retireVersion(before.id);
  }

  /** Its alias, and with it what is made ahead, goes to a new version. */
  #publish(owned: Owned): void {
    const { provisioned: wanted, published: before } = owned;
    this.#provision(owned, 0);
    owned.published = { ...this.#anew(before.name), version: String(Number(before.version) + 1) };
    this.#provision(owned, wanted);
  }

  /** Its process dies: what it had claimed is due again in the next. */
  #restartPump(): void {
    void this.#pump.stop();
    this.#disk.gone = true;
    this.#disk = new Disk();
    this.#store = new SqliteAsyncEvents(database, this.#disk);
    this.#pump = this.#newPump();
  }

  #newPump(): AsyncPump {
    const { clock, admission } = this.#world;
    return new AsyncPump({
      store: this.#store,
      clock,
      random: systemRandom,
      log: silentLog,
      metrics: new AsyncMetrics(() => undefined),
      concurrencyMax: 6,
      places: (key) => admission.reserved(key),
      config: () => undefined,
      resolve: ({ functionName }) => this.#functions.find(({ latest }) => latest.name === functionName)?.latest,
      targets: { reaches: () => false, mayTell: () => true, deliver: async () => 'delivered' },
      door: {
        invoke: async ({ requestId, version, payload }) => {
          // A dead pump's attempt may still run beside that of the next.
          const result = await this.#invoke(`${requestId}/${this.#next()}`, version, payload, true);
          if (result.kind === 'success') this.#hopeful.delete(requestId);
          return result;
        },
      },
    });
  }

  #created(name: string): Owned {
    return { latest: this.#anew(name), published: { ...this.#anew(name), version: '1' }, provisioned: 0 };
  }

  #anew(name: string): FunctionVersion {
    const timeoutSeconds = 1 + this.#pick(timeoutSecondsMax);
    return aVersion({ name, timeoutSeconds, memorySizeMb: this.#one(memorySizesMb) });
  }

  #payload(what: Behaviour['do']): Buffer {
    return Buffer.from(JSON.stringify({ ms: this.#pick(200), do: what }));
  }

  #expect(fact: boolean, otherwise: string): void {
    if (!fact) this.#broken.add(otherwise);
  }

  #next(): number {
    this.#serial += 1;
    return this.#serial;
  }

  #pick(below: number): number {
    return Math.floor(this.#roll() * below);
  }

  #one<T>(from: readonly [T, ...T[]]): T {
    return from[this.#pick(from.length)] ?? from[0];
  }
}

test(`${nights} seeded nights: never over a limit, nothing lost, nobody starved, nothing left over`, async () => {
  const only = process.env.LAMBENT_SEED;
  const seeds = only === undefined ? Array.from({ length: nights }, (_, n) => n + 1) : [Number(only)];
  for (const seed of seeds) assert.deepEqual(await new Night(seed).run(), [], `LAMBENT_SEED=${seed}`);
});
