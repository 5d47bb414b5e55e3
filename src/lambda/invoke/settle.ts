import type { Environment } from '../environments/environment.ts';
import { exitText, timeoutText } from '../environments/log-lines.ts';
import type { Outcome } from '../environments/outcome.ts';
import { errorBody, errorTypeOf } from '../environments/wording.ts';
import { ephemeralStorageMbDefault } from '../model/limits.ts';
import type { InvokeRequest, InvokeResult } from './door.ts';
import type { Meter } from './meter.ts';
import { reportOf, runtimeDoneOf } from './report.ts';

/** What one finished invocation leaves behind: its last log lines, its place in the ledger, the caller's answer. */
export interface Finished {
  readonly request: InvokeRequest;
  readonly environment: Environment;
  readonly outcome: Outcome;
  readonly finishedAt: number;
}

/** `answer` and `rest` are the two halves of an invocation whose extensions work on when its caller has the answer. */
export type Part = 'whole' | 'answer' | 'rest';

export function settle(finished: Finished, part: Part, meter: Meter): InvokeResult {
  const { request, environment } = finished;
  const { log } = environment.parts;
  log.endOutput();
  if (part !== 'rest') closeRuntime(finished);
  else if (finished.outcome.ending.kind !== 'response') logFailure(finished);
  // What this server broke off is neither reported nor billed: its caller is told to come again.
  const brokenOff = part === 'whole' && finished.outcome.ending.kind === 'lost';
  if (part !== 'answer' && !brokenOff) report(finished, meter);
  const logTail = request.logTail && part !== 'rest' ? log.endTail() : undefined;
  // On disk before anybody hears of it.
  log.flush();
  return resultOf(finished, logTail);
}

function closeRuntime(finished: Finished): void {
  const { environment, finishedAt } = finished;
  logFailure(finished);
  environment.parts.log.platform({ type: 'platform.runtimeDone', record: runtimeDoneOf(finished) }, finishedAt);
}

function logFailure(finished: Finished): void {
  const { environment, finishedAt } = finished;
  for (const line of failureLines(finished)) environment.parts.log.add(line, finishedAt);
}

/** The REPORT line and the ledger say the same. */
function report(finished: Finished, meter: Meter): void {
  const { request, environment, outcome, finishedAt } = finished;
  const { configuration, accountId, region, name, version } = request.version;
  const { log, provisioned } = environment.parts;
  const initMs = hundredths(environment.initMs);
  const { restore } = environment;
  environment.initMs = undefined;
  environment.restore = undefined;
  // Since August 2025 AWS bills the init phase of every function with its first invocation; one that was made ahead is
  // billed as provisioned concurrency.
  const billedMs = Math.ceil(outcome.durationMs + (provisioned ? 0 : (initMs ?? 0)));
  const extraStorageMb = configuration.ephemeralStorageMb - ephemeralStorageMbDefault;
  log.platform({ type: 'platform.report', record: reportOf(finished, { initMs, billedMs, restore }) }, finishedAt);
  meter.record({
    accountId,
    region,
    functionName: name,
    version,
    requestId: request.requestId,
    finishedAt,
    billedMs: billedMs + (restore?.billedMs ?? 0),
    memorySizeMb: configuration.memorySizeMb,
    architecture: configuration.architecture,
    initMs,
    extraRequests: request.extraRequests,
    streamedBytes: outcome.streamedBytes || undefined,
    provisioned: provisioned || undefined,
    extraStorageMb: extraStorageMb || undefined,
  });
}

/** As it is printed, so that the ledger adds up to what the log says. */
function hundredths(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 100) / 100;
}

function failureLines({ request, outcome, finishedAt }: Finished): string[] {
  const { ending } = outcome;
  if (ending.kind === 'timeout') {
    const text = timeoutText(request.version.configuration.timeoutSeconds);
    return [`${new Date(finishedAt).toISOString()} ${request.requestId} ${text}\n`];
  }
  if (ending.kind === 'faulted') {
    return [`RequestId: ${request.requestId} Error: ${ending.message}\n${ending.errorType}`];
  }
  if (ending.kind !== 'exit') return [];
  const reason = ending.outOfMemory ? { signal: 'SIGKILL' as const } : ending.reason;
  return [`RequestId: ${request.requestId} Error: ${exitText(reason)}\n${errorTypeOf(ending)}`];
}

function resultOf({ request, outcome }: Finished, logTail: Buffer | undefined): InvokeResult {
  const { ending } = outcome;
  if (ending.kind === 'response') return { kind: 'success', payload: ending.payload, logTail };
  if (ending.kind === 'lost') return { kind: 'unavailable', message: ending.why };
  const payload = errorBody(ending, request.requestId, request.version.configuration.timeoutSeconds);
  return { kind: 'function-error', payload, logTail, platformError: platformError(outcome) };
}

const truncated = 'Runtime.TruncatedResponse';

function platformError({ ending, streaming }: Outcome): string | undefined {
  if (ending.kind === 'error') return ending.errorType === truncated ? truncated : undefined;
  return ending.kind === 'exit' && streaming ? truncated : errorTypeOf(ending);
}
