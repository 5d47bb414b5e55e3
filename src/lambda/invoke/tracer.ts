/** Invocations whose trace header says that they are sampled, as spans of OpenTelemetry (reference: lambda-semantics 3.9). */
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Attributes, Span, SpanSink } from '../../observe/span.ts';
import type { Environment } from '../environments/environment.ts';
import type { Outcome } from '../environments/outcome.ts';
import { errorTypeOf } from '../environments/wording.ts';
import type { FunctionVersion } from '../model/function.ts';
import type { InvokeRequest } from './door.ts';
import { spanIdsOf } from './trace-header.ts';

export interface TracedInvocation {
  readonly request: InvokeRequest;
  readonly environment: Environment;
  readonly outcome: Outcome;
  readonly finishedAt: number;
}

export interface TracerParts {
  readonly sink: SpanSink;
  readonly clock: Clock;
  readonly random: Random;
}

export class Tracer {
  readonly #parts: TracerParts;
  readonly #enteredAt = new WeakMap<InvokeRequest, number>();
  readonly #resources = new WeakMap<FunctionVersion, Attributes>();

  constructor(parts: TracerParts) {
    this.#parts = parts;
  }

  entered(request: InvokeRequest): void {
    this.#enteredAt.set(request, this.#parts.clock.now());
  }

  /** Before its init has been billed, and forgotten with that. */
  finished({ request, environment, outcome, finishedAt }: TracedInvocation): void {
    const ids = spanIdsOf(request);
    if (ids === undefined) return;
    const { sink } = this.#parts;
    const resource = this.#resourceOf(request.version);
    const { restore } = environment;
    const beforeMs = environment.parts.provisioned ? undefined : (restore?.durationMs ?? environment.initMs);
    const began = finishedAt - outcome.durationMs;
    const answered = began + outcome.answeredMs;
    const error = outcome.ending.kind === 'response' ? undefined : errorTypeOf(outcome.ending);
    const phase = (name: string, startMs: number, endMs: number) =>
      sink.add({ ...this.#child(ids, name), startMs, endMs, resource });
    if (beforeMs !== undefined) phase(restore === undefined ? 'init' : 'restore', began - beforeMs, began);
    phase('invoke', began, answered);
    if (finishedAt > answered) phase('extensions', answered, finishedAt);
    sink.add({
      ...ids,
      name: request.version.name,
      kind: 'server',
      startMs: Math.min(this.#enteredAt.get(request) ?? began, began - (beforeMs ?? 0)),
      endMs: finishedAt,
      attributes: attributesOf(request, environment, error),
      error,
      resource,
    });
  }

  #child({ traceId, spanId: parentSpanId }: Pick<Span, 'traceId' | 'spanId'>, name: string) {
    const spanId = this.#parts.random.hex(8);
    return { traceId, spanId, parentSpanId, name, kind: 'internal', attributes: {} } as const;
  }

  #resourceOf(version: FunctionVersion): Attributes {
    const known = this.#resources.get(version);
    if (known !== undefined) return known;
    const made = resourceOf(version);
    this.#resources.set(version, made);
    return made;
  }
}

function resourceOf({ name, version, region, accountId, configuration }: FunctionVersion): Attributes {
  return {
    'service.name': name,
    'faas.name': name,
    'faas.version': version,
    'faas.max_memory': configuration.memorySizeMb * 1024 * 1024,
    'cloud.provider': 'aws',
    'cloud.platform': 'aws_lambda',
    'cloud.region': region,
    'cloud.account.id': accountId,
  };
}

function attributesOf(
  request: InvokeRequest,
  { parts, initMs, restore }: Environment,
  error: string | undefined,
): Attributes {
  return {
    'faas.invocation_id': request.requestId,
    'faas.coldstart': (restore !== undefined || initMs !== undefined) && !parts.provisioned,
    'faas.instance': parts.id,
    'cloud.resource_id': request.invokedArn,
    ...(error === undefined ? {} : { 'error.type': error }),
  };
}
