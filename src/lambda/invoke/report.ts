import type { EnvironmentLog } from '../environments/environment-log.ts';
import type { Restore } from '../environments/init-report.ts';
import type { Ending } from '../environments/outcome.ts';
import {
  type Ended,
  milliseconds,
  type Report,
  type RuntimeDone,
  type Span,
  tracingOf,
} from '../environments/platform-events.ts';
import { errorTypeOf, vettedType } from '../environments/wording.ts';
import type { Finished } from './settle.ts';

/** What the runtime did of an invocation. */
export function runtimeDoneOf({ request, environment, outcome, finishedAt }: Finished): RuntimeDone {
  const { ending, durationMs, latencyMs, answeredMs, streamedBytes } = outcome;
  const { log } = environment.parts;
  const startedAt = finishedAt - durationMs;
  const producedBytes = ending.kind === 'response' ? streamedBytes + ending.payload.length : streamedBytes;
  return {
    requestId: request.requestId,
    ...endedOf(ending),
    metrics: { durationMs: milliseconds(answeredMs), producedBytes },
    spans: spansOf(log, [
      ['responseLatency', startedAt, latencyMs],
      ['responseDuration', startedAt + latencyMs, answeredMs - latencyMs],
    ]),
    tracing: tracingOf(request.traceHeader, request.version.configuration.tracingMode),
  };
}

export interface Billed {
  readonly initMs: number | undefined;
  readonly billedMs: number;
  readonly restore: Restore | undefined;
}

/** The whole of an invocation, as it is billed. */
export function reportOf(
  { request, environment, outcome, finishedAt }: Finished,
  { initMs, billedMs, restore }: Billed,
): Report {
  const { ending, durationMs, answeredMs } = outcome;
  const { memorySizeMb } = request.version.configuration;
  const usedMb = Math.max(1, Math.round(outcome.memoryPeakBytes / 1024 / 1024));
  const extensionsFrom = finishedAt - durationMs + answeredMs;
  return {
    requestId: request.requestId,
    ...endedOf(ending),
    metrics: {
      durationMs: milliseconds(durationMs),
      billedDurationMs: billedMs,
      memorySizeMB: memorySizeMb,
      maxMemoryUsedMB: outOfMemory(ending) ? memorySizeMb : Math.min(usedMb, memorySizeMb),
      initDurationMs: initMs === undefined ? undefined : milliseconds(initMs),
      restoreDurationMs: restore && milliseconds(restore.durationMs),
      billedRestoreDurationMs: restore?.billedMs,
    },
    spans:
      durationMs > answeredMs
        ? spansOf(environment.parts.log, [['extensionOverhead', extensionsFrom, durationMs - answeredMs]])
        : undefined,
    tracing: tracingOf(request.traceHeader, request.version.configuration.tracingMode),
  };
}

function outOfMemory(ending: Ending): boolean {
  return ending.kind === 'exit' && ending.outOfMemory;
}

function endedOf(ending: Ending): Ended {
  switch (ending.kind) {
    case 'response':
      return { status: 'success' };
    case 'timeout':
      return { status: 'timeout' };
    case 'error':
      return { status: 'error', errorType: vettedType(ending.errorType, 'Function.Unknown') };
    default:
      return { status: 'failure', errorType: errorTypeOf(ending) };
  }
}

/** Text has no room for them. */
function spansOf(
  log: EnvironmentLog,
  spans: readonly (readonly [name: Span['name'], start: number, durationMs: number])[],
): Span[] | undefined {
  if (!log.detailed) return undefined;
  return spans.map(([name, start, durationMs]) => ({
    name,
    start: new Date(start).toISOString(),
    durationMs: milliseconds(durationMs),
  }));
}
