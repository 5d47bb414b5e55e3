import type { Clock } from '../../base/clock.ts';
import { deferred } from '../../base/deferred.ts';
import { invariant } from '../../base/invariant.ts';
import { advance, type Effect, type EnvironmentEvent, type EnvironmentState, fresh } from '../lifecycle/environment.ts';
import type { FunctionVersion } from '../model/function.ts';
import { syncPayloadBytesMax } from '../model/limits.ts';
import { EntrypointError } from './entrypoint.ts';
import type { EnvironmentLog } from './environment-log.ts';
import type { ExtensionsEvent, ShutdownReason } from './extensions-api/extensions.ts';
import { type How, InitReport, type Restore } from './init-report.ts';
import type { Invocation, RuntimeEvent } from './link.ts';
import type { Ending, Outcome } from './outcome.ts';
import type { Ended } from './platform-events.ts';
import type { ExitReason } from './sandbox/sandbox.ts';
import type { RuntimeOwner, StartedRuntime } from './started-runtime.ts';
import { CollectedResponse, type ResponseSink, StreamedResponse } from './streamed-response.ts';
import { Telemetry } from './telemetry-api/telemetry.ts';
import { errorTypeOf, vettedType } from './wording.ts';

/** A channel that closes is followed by an exit; a process that lives on is ended after this wait. */
const exitAfterCloseMsMax = 2_000;
/** What hooks after a restore may take. */
const restoreMsMax = 10_000;
/** The peak is read from the kernel at most this often for short invocations: a read costs as much as an echo. */
const memorySampleMs = 100;

export interface EnvironmentParts {
  readonly id: string;
  readonly version: FunctionVersion;
  readonly log: EnvironmentLog;
  readonly clock: Clock;
  readonly initMsMax: number;
  /** Made ahead, and kept: it is for provisioned concurrency. */
  readonly provisioned: boolean;
  readonly versionLabel: string;
  start(owner: RuntimeOwner): Promise<StartedRuntime>;
  /** Its process runs; what is left of the start is up to the function. */
  booted(environment: Environment): void;
  /** It can take an invocation now: after init, well or badly ended. */
  offered(environment: Environment): void;
  /** It is gone for good. */
  forgotten(environment: Environment): void;
}

const nothingStreamed: Ending = { kind: 'response', payload: Buffer.alloc(0) };

interface Running {
  readonly invocation: Invocation;
  readonly startedAt: number;
  readonly finish: (outcome: Outcome) => void;
  readonly cancelDeadline: () => void;
  /** Where the caller takes a stream. */
  readonly sink?: ResponseSink;
  streamed?: StreamedResponse;
  /** When the answer began and when it ended, by the monotonic clock. */
  respondedAt?: number;
  answeredAt?: number;
  /** Set when the caller has its answer while extensions work on. */
  finishRest?: (outcome: Outcome) => void;
}

/** One execution environment of one function version. Performs what `lifecycle/environment.ts` decides. */
export class Environment implements RuntimeOwner {
  readonly parts: EnvironmentParts;
  /** When it last finished something, by the monotonic clock. */
  lastUsedAt: number;
  /** Milliseconds of init in its own phase; the first invocation takes it for its report and bill. */
  initMs: number | undefined;
  /** Instead, where it began with a snapshot. */
  restore: Restore | undefined;
  /** Why it went, when that was no wish of ours. */
  lostWhy: string | undefined;
  /** Whether it ended before it could take an invocation. */
  neverOffered = true;
  #state: EnvironmentState = fresh;
  #started: StartedRuntime | undefined;
  #running: Running | undefined;
  #ending: Ending = { kind: 'lost', why: 'nothing happened' };
  readonly #init: InitReport;
  #cancelInitDeadline: () => void = () => {};
  /** Of the runtime that there is, or was last. */
  telemetry: Telemetry;
  #memoryPeak = 0;
  #memorySampledAt = Number.NEGATIVE_INFINITY;

  constructor(parts: EnvironmentParts) {
    this.parts = parts;
    this.lastUsedAt = parts.clock.monotonic();
    this.telemetry = new Telemetry(parts.clock);
    this.#init = new InitReport(parts);
  }

  get state(): EnvironmentState {
    return this.#state;
  }

  /** Starts the init phase; `offered` follows, or `forgotten` when no runtime could be started. */
  initialise(): void {
    const { clock, initMsMax } = this.parts;
    this.#cancelInitDeadline = clock.after(initMsMax, () => this.#end('overdue', { kind: 'timeout' }));
    this.#on('start');
  }

  /** Runs one invocation; on an environment that was reset, its init comes first and counts. */
  invoke(invocation: Invocation, timeoutMs: number, sink?: ResponseSink): Promise<Outcome> {
    invariant(this.#running === undefined, 'an environment runs one invocation at a time');
    const { clock } = this.parts;
    return new Promise((finish) => {
      this.#running = {
        invocation,
        startedAt: clock.monotonic(),
        finish,
        sink,
        cancelDeadline: clock.after(timeoutMs, () => this.#end('overdue', { kind: 'timeout' })),
      };
      this.#on(this.#state.name === 'cold' ? 'start' : 'invoke');
    });
  }

  /** Idle for a little while: stop its clock. */
  rest(): void {
    this.#on('rested');
  }

  retire(why: string): void {
    if (this.#state.name !== 'gone') this.#end('retire', { kind: 'lost', why });
  }

  /** A restore has a limit of its own; the snapshot may have had to be made anew before. */
  begins(how: How): void {
    this.#init.announce(how);
    if (how === 'init' || this.#running !== undefined) return;
    this.#cancelInitDeadline();
    const { clock } = this.parts;
    this.#cancelInitDeadline = clock.after(restoreMsMax, () => this.#end('overdue', { kind: 'timeout' }));
  }

  event(event: RuntimeEvent): void {
    switch (event.type) {
      case 'log':
        return this.parts.log.line(event.message, event.timestamp);
      case 'ready':
        this.#init.runtimeDone({ status: 'success' });
        this.#started?.extensions?.closeRegistration();
        return this.#readyWithExtensions();
      case 'response':
        return this.#answered({ kind: 'response', payload: event.payload });
      case 'error':
        return this.#answered({ kind: 'error', body: event.body, errorType: event.errorType }, event.fatal);
      case 'response-too-large':
        return this.#answered({ kind: 'response-too-large', bytesMax: syncPayloadBytesMax });
      case 'stream-start':
        return this.#beginStream(event.contentType);
      case 'stream-chunk':
        return this.#running?.streamed?.write(event.bytes, event.taken);
      case 'stream-end':
        return this.#answered(this.#running?.streamed?.ending() ?? nothingStreamed);
      case 'init-error':
        return this.#end('init-failed', { kind: 'error', body: event.body, errorType: event.errorType });
      case 'violation':
        return this.#end('violated', { kind: 'exit', reason: { code: 1 }, outOfMemory: false });
      case 'closed':
        return this.#closed();
      case 'hello':
        return;
    }
  }

  output(chunk: Buffer): void {
    this.parts.log.raw(chunk);
  }

  extensionOutput(name: string, chunk: Buffer): void {
    this.parts.log.raw(chunk, name);
  }

  extensions(event: ExtensionsEvent): void {
    switch (event.type) {
      case 'extensions-idle':
        return this.#state.name === 'lingering' ? this.#on('extensions-done') : this.#readyWithExtensions();
      case 'extension-failed':
        return this.#end('exited', { kind: 'faulted', errorType: event.errorType, message: event.message });
      case 'extension-state':
        return this.parts.log.platform({ type: 'platform.extension', record: event.record });
      case 'subscribed':
        return this.parts.log.platform({ type: `platform.${event.api}Subscription`, record: event.record });
    }
  }

  exited(reason: ExitReason): void {
    const outOfMemory = (this.#started?.sandbox.outOfMemoryKills() ?? 0) > 0;
    this.#sampleMemory(true);
    this.#end('exited', { kind: 'exit', reason, outOfMemory });
  }

  #beginStream(contentType: string): void {
    const running = this.#running;
    if (running === undefined) return;
    running.respondedAt = this.parts.clock.monotonic();
    running.streamed = new StreamedResponse(running.sink ?? new CollectedResponse(syncPayloadBytesMax), contentType);
  }

  #readyWithExtensions(): void {
    const init = this.#state.name === 'initialising' && this.#init.runtimeIsDone;
    if (init && (this.#started?.extensions?.idle ?? true)) this.#ready();
  }

  #answered(ending: Ending, fatal = false): void {
    const early = !(this.#started?.extensions?.idle ?? true);
    if (fatal) this.#end('answered-last', ending);
    else this.#end(early ? 'answered-early' : 'answered', ending);
  }

  #ready(): void {
    this.#cancelInitDeadline();
    const { version } = this.parts;
    if (this.#running === undefined) this.#keepTimes();
    // Init runs unlimited, as AWS's boost; from here on a processor share by memory (1,769 MB = one).
    this.#started?.sandbox.setCpuLimit(version.configuration.memorySizeMb / 1769);
    this.#init.done({ status: 'success' });
    this.telemetry.initOver();
    if (!this.telemetry.open) this.parts.log.telemetry = undefined;
    this.#on('ready');
  }

  #keepTimes(): void {
    this.restore = this.#init.restore;
    this.initMs = this.restore === undefined ? this.#init.ms : undefined;
  }

  /** The channel closed: the exit that follows says why, unless it does not come. */
  #closed(): void {
    // An idle one has nothing to explain, and no event is to be sent where nobody reads any more.
    if (this.#state.name === 'idle') return this.exited({ code: 0 });
    const started = this.#started;
    this.parts.clock.after(exitAfterCloseMsMax, () => {
      if (this.#started === started) void started?.sandbox.kill();
    });
  }

  #end(event: EnvironmentEvent, ending: Ending): void {
    this.#ending = ending;
    this.#on(event);
  }

  #on(event: EnvironmentEvent): void {
    const step = advance(this.#state, event);
    // A late exit, a late answer after a timeout: the runtime has been discarded and its word no longer counts.
    if (step === 'refused') return;
    this.#state = step.next;
    for (const effect of step.effects) this.#perform(effect);
  }

  #perform(effect: Effect): void {
    switch (effect) {
      case 'start-runtime':
        return void this.#startRuntime();
      case 'dispatch':
        return this.#dispatch();
      case 'offer':
        this.neverOffered = false;
        return this.parts.offered(this);
      case 'answer':
        return this.#answer();
      case 'settle-answer':
      case 'settle-failure':
        return this.#settle();
      case 'report-init-failure':
        return this.#reportInitFailure();
      case 'discard-runtime':
        return this.#discard();
      case 'freeze':
        this.telemetry.pause();
        return this.#started?.sandbox.freeze();
      case 'thaw':
        this.#started?.sandbox.thaw();
        return this.telemetry.resume();
      case 'forget':
        return this.#forget();
    }
  }

  async #startRuntime(): Promise<void> {
    const state = this.#state;
    this.telemetry = new Telemetry(this.parts.clock);
    this.parts.log.telemetry = this.telemetry;
    this.#init.begin(this.#running === undefined ? 'init' : 'invoke');
    try {
      const started = await this.parts.start(this);
      // Overdue or retired while it was being started.
      if (this.#state !== state || this.#started !== undefined) return void started.discard();
      this.#started = started;
      this.parts.booted(this);
    } catch (error) {
      if (this.#state !== state) return;
      if (error instanceof EntrypointError) this.#end('init-failed', error.ending);
      else this.retire(error instanceof Error ? error.message : String(error));
    }
  }

  #dispatch(): void {
    invariant(this.#running, 'every dispatch has an invocation');
    this.#started?.extensions?.invoke(this.#running.invocation);
    this.#started?.link.invoke(this.#running.invocation);
  }

  #answer(): void {
    const running = this.#running;
    invariant(running, 'every answer has an invocation');
    const { promise: rest, resolve } = deferred<Outcome>();
    running.answeredAt = this.parts.clock.monotonic();
    running.finish({ ...this.#outcome(running), rest });
    running.finishRest = resolve;
  }

  #settle(): void {
    const running = this.#running;
    invariant(running, 'every busy environment has an invocation');
    running.cancelDeadline();
    this.#running = undefined;
    const finish = running.finishRest ?? running.finish;
    finish(this.#outcome(running));
  }

  #outcome({ startedAt, sink, streamed, respondedAt, answeredAt }: Running): Outcome {
    const now = this.parts.clock.monotonic();
    this.lastUsedAt = now;
    const durationMs = now - startedAt;
    this.#sampleMemory(durationMs > 10 || now - this.#memorySampledAt > memorySampleMs);
    return {
      ending: this.#ending,
      durationMs,
      latencyMs: (respondedAt ?? answeredAt ?? now) - startedAt,
      answeredMs: (answeredAt ?? now) - startedAt,
      memoryPeakBytes: this.#memoryPeak,
      streaming: streamed !== undefined,
      streamedBytes: sink === undefined ? 0 : (streamed?.bytes ?? 0),
    };
  }

  #reportInitFailure(): void {
    this.#cancelInitDeadline();
    this.#sampleMemory(true);
    const ending = this.#ending;
    const errorType = ending.kind === 'error' ? vettedType(ending.errorType, 'Runtime.Unknown') : errorTypeOf(ending);
    const ended: Ended = ending.kind === 'timeout' ? { status: 'timeout' } : { status: 'error', errorType };
    this.parts.log.endOutput();
    this.#init.done(ended);
  }

  #discard(): void {
    this.#cancelInitDeadline();
    const started = this.#started;
    this.#started = undefined;
    this.#memorySampledAt = Number.NEGATIVE_INFINITY;
    if (started === undefined) return;
    const { log } = this.parts;
    void started.discard(shutdownReason(this.#ending)).then(() => {
      log.endOutput();
      log.flush();
    });
  }

  #forget(): void {
    const ending = this.#ending;
    this.parts.log.endOutput();
    this.parts.log.flush();
    this.lostWhy = ending.kind === 'lost' ? ending.why : undefined;
    this.parts.forgotten(this);
  }

  #sampleMemory(wanted: boolean): void {
    if (!wanted || this.#started === undefined) return;
    this.#memoryPeak = this.#started.sandbox.memoryPeak();
    this.#memorySampledAt = this.parts.clock.monotonic();
  }
}

function shutdownReason({ kind }: Ending): ShutdownReason {
  if (kind === 'timeout') return 'timeout';
  return kind === 'lost' ? 'spindown' : 'failure';
}
