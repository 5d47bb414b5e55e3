import type { Clock } from '../../base/clock.ts';
import type { FunctionVersion } from '../model/function.ts';
import type { EnvironmentLog } from './environment-log.ts';
import { runtimeVersionArn } from './log-lines.ts';
import { type Ended, initializationType, milliseconds, type Phase } from './platform-events.ts';

export interface InitReportParts {
  readonly version: FunctionVersion;
  readonly versionLabel: string;
  readonly provisioned: boolean;
  readonly log: EnvironmentLog;
  readonly clock: Clock;
}

export type How = 'init' | 'restore';

export interface Restore {
  readonly durationMs: number;
  readonly billedMs: number;
}

/** How far an init has come, and what the platform says of it. */
export class InitReport {
  readonly #parts: InitReportParts;
  #phase: Phase = 'init';
  #startedAt = 0;
  #runtimeIsDone = false;
  #how: How | undefined;
  #announcedAt = 0;

  constructor(parts: InitReportParts) {
    this.#parts = parts;
  }

  /** The runtime has asked for its first event; extensions may have not. */
  get runtimeIsDone(): boolean {
    return this.#runtimeIsDone;
  }

  /** So far. */
  get ms(): number {
    return this.#parts.clock.monotonic() - this.#startedAt;
  }

  /** Of a restore, so far: what its code took of it is billed. */
  get restore(): Restore | undefined {
    if (this.#how !== 'restore') return undefined;
    return { durationMs: this.ms, billedMs: Math.ceil(this.#parts.clock.monotonic() - this.#announcedAt) };
  }

  /** The clock runs from here on. */
  begin(phase: Phase): void {
    this.#phase = phase;
    this.#startedAt = this.#parts.clock.monotonic();
    this.#how = undefined;
    this.#runtimeIsDone = false;
  }

  /** Now it is known what it is, and said. */
  announce(how: How): void {
    const { version, versionLabel, log, clock } = this.#parts;
    this.#how = how;
    this.#announcedAt = clock.monotonic();
    const facts = {
      functionName: version.name,
      functionVersion: version.version,
      runtimeVersion: versionLabel,
      runtimeVersionArn: runtimeVersionArn(versionLabel, version.region),
    };
    if (how === 'init') log.platform({ type: 'platform.initStart', record: { ...this.#facts(), ...facts } });
    else log.platform({ type: 'platform.restoreStart', record: { phase: this.#phase, ...facts } });
  }

  runtimeDone(ended: Ended): void {
    this.#runtimeIsDone = true;
    const { log } = this.#parts;
    if (this.#how === undefined) this.announce('init');
    if (this.#how === 'restore') log.platform({ type: 'platform.restoreRuntimeDone', record: ended });
    else log.platform({ type: 'platform.initRuntimeDone', record: { ...this.#facts(), ...ended } });
  }

  /** With that of the runtime, where it has not come to that. */
  done(ended: Ended): void {
    if (!this.#runtimeIsDone) this.runtimeDone(ended);
    const { log } = this.#parts;
    const record = { ...ended, metrics: { durationMs: milliseconds(this.ms) } };
    if (this.#how === 'restore')
      log.platform({ type: 'platform.restoreReport', record: { phase: this.#phase, ...record } });
    else log.platform({ type: 'platform.initReport', record: { ...this.#facts(), ...record } });
  }

  #facts() {
    const { version, provisioned } = this.#parts;
    return { initializationType: initializationType(version, provisioned), phase: this.#phase };
  }
}
