import type { Clock } from '../../base/clock.ts';
import { deferred } from '../../base/deferred.ts';
import type { Random } from '../../base/random.ts';
import type { Environment } from '../environments/environment.ts';
import type { LeaseResult } from '../environments/fleet.ts';
import type { Outcome } from '../environments/outcome.ts';
import { tracingOf } from '../environments/platform-events.ts';
import type { Pool } from '../environments/pool.ts';
import type { ResponseSink } from '../environments/streamed-response.ts';
import type { Admission } from './admit.ts';
import type { Door, InvokeRequest, InvokeResult, StreamingDoor, StreamResult, ThrottleReason } from './door.ts';
import { passThrough } from './lineage.ts';
import type { Meter } from './meter.ts';
import type { InvocationMetrics } from './metrics.ts';
import type { Recursion } from './recursion.ts';
import { ResponseStream } from './response-stream.ts';
import { type Part, settle } from './settle.ts';
import { traced } from './trace-header.ts';
import type { TraceSampler } from './trace-sampler.ts';
import type { Tracer } from './tracer.ts';

export interface EngineParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly pool: Pool;
  readonly admission: Admission;
  readonly recursion: Recursion;
  readonly sampler: TraceSampler;
  readonly meter: Meter;
  readonly metrics: InvocationMetrics;
  /** Where somebody looks at traces. */
  readonly tracer?: Tracer;
  /** Puts what was appended and metered where a `kill -9` cannot take it; called once for all that ended in one turn. */
  persist(): void;
}

interface Ended {
  readonly request: InvokeRequest;
  readonly environment: Environment;
  readonly outcome: Outcome;
  readonly part: Part;
  /** What extensions took beyond the answer. */
  readonly extensionsMs?: number;
  readonly answer: (result: InvokeResult) => void;
}

interface Ran {
  readonly result: InvokeResult;
  /** Where extensions work on: when the environment is free again. */
  readonly rest?: Promise<unknown>;
}

/** The path of an invocation: admit, lease, dispatch, settle. */
export class Engine implements Door, StreamingDoor {
  readonly #parts: EngineParts;
  #ended: Ended[] = [];
  #draining = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  invoke(request: InvokeRequest): Promise<InvokeResult> {
    return this.#admit(request);
  }

  stream(request: InvokeRequest): Promise<StreamResult> {
    const stream = new ResponseStream();
    return stream.result(this.#admit(request, stream));
  }

  /** Refuses what comes from now on; what runs may finish. */
  drain(): void {
    this.#draining = true;
  }

  async #admit(given: InvokeRequest, sink?: ResponseSink): Promise<InvokeResult> {
    if (this.#draining) return { kind: 'unavailable', message: 'The server is stopping' };
    const { admission, recursion, pool, metrics, tracer } = this.#parts;
    const request = traced(given, this.#parts);
    if (recursion.stops(request.traceHeader, request.version)) return this.#recursive(request);
    const reason = admission.enter(request.version, request.background);
    if (reason !== undefined) return this.#throttled(request, reason);
    metrics.entered(request.version);
    tracer?.entered(request);
    let rest: Promise<unknown> | undefined;
    try {
      const leased = pool.lease(request.version, request);
      const ran = await this.#run(request, leased instanceof Promise ? await leased : leased, sink);
      rest = ran.rest;
      return ran.result;
    } finally {
      if (rest === undefined) this.#leave(request);
      else void rest.then(() => this.#leave(request));
    }
  }

  #leave({ version }: InvokeRequest): void {
    this.#parts.admission.leave(version);
    this.#parts.metrics.left(version);
  }

  async #run(request: InvokeRequest, lease: LeaseResult, sink?: ResponseSink): Promise<Ran> {
    // As far as the caller is concerned there is no place for it: clients retry that by themselves.
    if (lease.kind === 'full') return { result: this.#throttled(request, 'ConcurrentInvocationLimitExceeded') };
    if (lease.kind === 'lost') {
      return { result: { kind: 'unavailable', message: `Cannot start an environment: ${lease.why}` } };
    }
    const { environment } = lease;
    this.#countProvisioned(request, environment.parts.provisioned);
    const outcome = await this.#dispatch(request, environment, sink);
    const { rest } = outcome;
    if (rest === undefined) {
      return { result: await this.#afterOutput({ request, environment, outcome, part: 'whole' }) };
    }
    const free = rest.then((whole) => {
      const extensionsMs = whole.durationMs - outcome.durationMs;
      return this.#afterOutput({ request, environment, outcome: whole, part: 'rest', extensionsMs });
    });
    return { result: await this.#afterOutput({ request, environment, outcome, part: 'answer' }), rest: free };
  }

  #countProvisioned({ version, invokedArn }: InvokeRequest, ahead: boolean): void {
    const { admission, metrics, clock } = this.#parts;
    if (!ahead && admission.provisionedUse(version) === undefined) return;
    const name = ahead ? 'ProvisionedConcurrencyInvocations' : 'ProvisionedConcurrencySpilloverInvocations';
    metrics.count(version, invokedArn, name, clock.now());
  }

  #throttled({ version, invokedArn }: InvokeRequest, reason: ThrottleReason): InvokeResult {
    const { metrics, clock } = this.#parts;
    metrics.throttled(version, invokedArn, clock.now());
    return { kind: 'throttled', reason };
  }

  #recursive({ version, invokedArn }: InvokeRequest): InvokeResult {
    const { metrics, clock } = this.#parts;
    metrics.count(version, invokedArn, 'RecursiveInvocationsDropped', clock.now());
    return { kind: 'recursive' };
  }

  #dispatch(request: InvokeRequest, environment: Environment, sink?: ResponseSink): Promise<Outcome> {
    const { version, requestId } = request;
    const timeoutMs = version.configuration.timeoutSeconds * 1000;
    const { log } = environment.parts;
    if (request.logTail) log.beginTail();
    const trace = passThrough(request.traceHeader, version).header;
    const record = {
      requestId,
      version: version.version,
      tracing: tracingOf(trace, version.configuration.tracingMode),
    };
    log.platform({ type: 'platform.start', record });
    const invocation = {
      requestId,
      deadlineMs: this.#parts.clock.now() + timeoutMs,
      invokedArn: request.invokedArn,
      traceHeader: trace,
      clientContext: request.clientContext,
      cognitoIdentity: request.cognitoIdentity,
      payload: request.payload,
    };
    return environment.invoke(invocation, timeoutMs, sink);
  }

  #measure({ request, outcome: { durationMs, ending }, extensionsMs }: Ended, at: number): void {
    if (ending.kind === 'lost') return;
    const { version, invokedArn } = request;
    const failed = ending.kind !== 'response';
    this.#parts.metrics.finished({ version, invokedArn, durationMs, extensionsMs, failed, at });
  }

  /**
   * What a handler printed before it answered is readable when its answer is, but on another descriptor: it has been read
   * by the time this event-loop turn reaches `setImmediate`. All that ends in one turn is persisted by one write.
   */
  #afterOutput(ended: Omit<Ended, 'answer'>): Promise<InvokeResult> {
    const { promise, resolve } = deferred<InvokeResult>();
    if (this.#ended.length === 0) setImmediate(() => this.#settleAll());
    this.#ended.push({ ...ended, answer: resolve });
    return promise;
  }

  #settleAll(): void {
    const all = this.#ended;
    this.#ended = [];
    const { clock, meter, pool, tracer } = this.#parts;
    const finishedAt = clock.now();
    if (tracer !== undefined) trace(tracer, all, finishedAt);
    const results = all.map((ended) => settle({ ...ended, finishedAt }, ended.part, meter));
    const over = all.filter(({ part }) => part !== 'answer');
    for (const ended of over) this.#measure(ended, finishedAt);
    for (const { environment, outcome } of over) pool.release(environment, outcome.durationMs);
    this.#parts.persist();
    for (const [index, { answer }] of all.entries()) {
      const result = results[index];
      if (result !== undefined) answer(result);
    }
  }
}

function trace(tracer: Tracer, all: readonly Ended[], finishedAt: number): void {
  for (const { request, environment, outcome, part } of all) {
    if (part !== 'answer') tracer.finished({ request, environment, outcome, finishedAt });
  }
}
