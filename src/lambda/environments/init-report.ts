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

/** How far an init has come, and what the platform says of it. */
export class InitReport {
  readonly #parts: InitReportParts;
  #phase: Phase = 'init';
  #startedAt = 0;
  #runtimeIsDone = false;

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

  begin(phase: Phase): void {
    const { version, versionLabel, log, clock } = this.#parts;
    this.#phase = phase;
    this.#startedAt = clock.monotonic();
    this.#runtimeIsDone = false;
    const record = {
      ...this.#facts(),
      functionName: version.name,
      functionVersion: version.version,
      runtimeVersion: versionLabel,
      runtimeVersionArn: runtimeVersionArn(versionLabel, version.region),
    };
    log.platform({ type: 'platform.initStart', record });
  }

  runtimeDone(ended: Ended): void {
    this.#runtimeIsDone = true;
    this.#parts.log.platform({ type: 'platform.initRuntimeDone', record: { ...this.#facts(), ...ended } });
  }

  /** With that of the runtime, where it has not come to that. */
  done(ended: Ended): void {
    if (!this.#runtimeIsDone) this.runtimeDone(ended);
    const metrics = { durationMs: milliseconds(this.ms) };
    this.#parts.log.platform({ type: 'platform.initReport', record: { ...this.#facts(), ...ended, metrics } });
  }

  #facts() {
    const { version, provisioned } = this.#parts;
    return { initializationType: initializationType(version, provisioned), phase: this.#phase };
  }
}
