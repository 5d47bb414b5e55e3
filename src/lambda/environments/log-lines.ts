import { createHash } from 'node:crypto';
import type {
  Ended,
  ExtensionStatus,
  PlatformEvent,
  Report,
  RestoreEnded,
  RestoreStart,
  Subscribed,
} from './platform-events.ts';
import type { ExitReason } from './sandbox/sandbox.ts';

/** The platform's own lines in a function's log, to the letter (reference: lambda-semantics 2.3). */

/** Undefined where text logs have no line for it. */
export function textOf(event: PlatformEvent): string | undefined {
  switch (event.type) {
    case 'platform.initStart':
      return startLine('INIT_START', event.record);
    case 'platform.initReport':
      return initReportLine(event.record);
    case 'platform.start':
      return `START RequestId: ${event.record.requestId} Version: ${event.record.version}`;
    case 'platform.runtimeDone':
      return `END RequestId: ${event.record.requestId}`;
    case 'platform.report':
      return reportLine(event.record);
    case 'platform.extension':
      return extensionLine(event.record);
    case 'platform.telemetrySubscription':
      return subscriptionLine('TELEMETRY', event.record);
    case 'platform.logsSubscription':
      return subscriptionLine('LOGS', event.record);
    case 'platform.restoreStart':
      return startLine('RESTORE_START', event.record);
    case 'platform.restoreReport':
      return restoreReportLine(event.record);
    case 'platform.initRuntimeDone':
    case 'platform.restoreRuntimeDone':
      return undefined;
  }
}

/** An init inside an invocation is not told of (reference: lambda-semantics 2.6). */
function startLine(what: string, { phase, runtimeVersion, runtimeVersionArn: arn }: RestoreStart): string | undefined {
  return phase === 'init' ? `${what} Runtime Version: ${runtimeVersion}\tRuntime Version ARN: ${arn}` : undefined;
}

/** Told of in any case, unlike an init. */
function restoreReportLine(report: RestoreEnded): string | undefined {
  if (report.phase === 'invoke' && report.status === 'success') return undefined;
  const columns = failureColumns(report);
  return `RESTORE_REPORT Restore Duration: ${report.metrics.durationMs.toFixed(2)} ms${columns && `\t${columns}`}`;
}

/** AWS names a runtime build by a SHA-256; ours is that of its label, so that equal builds have equal ARNs. */
export function runtimeVersionArn(versionLabel: string, region: string): string {
  return `arn:aws:lambda:${region}::runtime:${createHash('sha256').update(versionLabel).digest('hex')}`;
}

function reportLine(report: Report): string {
  const { durationMs, billedDurationMs, memorySizeMB, maxMemoryUsedMB, initDurationMs } = report.metrics;
  const init = initDurationMs === undefined ? '' : `Init Duration: ${initDurationMs.toFixed(2)} ms\t`;
  const restore = restoreColumns(report.metrics);
  return (
    `REPORT RequestId: ${report.requestId}\tDuration: ${durationMs.toFixed(2)} ms\t` +
    `Billed Duration: ${billedDurationMs} ms\tMemory Size: ${memorySizeMB} MB\t` +
    `Max Memory Used: ${maxMemoryUsedMB} MB\t${init}${restore}${tracingLine(report)}${failureColumns(report)}`
  );
}

function restoreColumns({ restoreDurationMs, billedRestoreDurationMs }: Report['metrics']): string {
  if (restoreDurationMs === undefined) return '';
  return `Restore Duration: ${restoreDurationMs.toFixed(2)} ms\tBilled Restore Duration: ${billedRestoreDurationMs} ms\t`;
}

/** Only of what is traced and sampled. */
function tracingLine({ tracing }: Report): string {
  if (tracing?.spanId === undefined) return '';
  const root = /Root=([^;]+)/.exec(tracing.value)?.[1] ?? '';
  return `\nXRAY TraceId: ${root}\tSegmentId: ${tracing.spanId}\tSampled: true\t`;
}

type InitReport = Extract<PlatformEvent, { type: 'platform.initReport' }>['record'];

function initReportLine(report: InitReport): string | undefined {
  if (report.status === 'success') return undefined;
  const ms = report.metrics.durationMs.toFixed(2);
  return `INIT_REPORT Init Duration: ${ms} ms\tPhase: ${report.phase}\t${failureColumns(report)}`;
}

/** Errors that a handler throws are the function's business; the report names what befell the runtime. */
function failureColumns({ status, errorType = '' }: Ended): string {
  if (status === 'timeout') return 'Status: timeout';
  return /^(Runtime|Extension)\./.test(errorType) ? `Status: error\tError Type: ${errorType}` : '';
}

function extensionLine({ name, state, events, errorType }: ExtensionStatus): string {
  const error = errorType === undefined ? '' : `\tError Type: ${errorType}`;
  return `EXTENSION\tName: ${name}\tState: ${state}\tEvents: [${events.join(', ')}]${error}`;
}

function subscriptionLine(what: string, { name, state, types }: Subscribed): string {
  const capitals = types.map((type) => type.slice(0, 1).toUpperCase() + type.slice(1));
  return `${what}\tName: ${name}\tState: ${state}\tTypes: [${capitals.join(', ')}]`;
}

export function timeoutText(timeoutSeconds: number): string {
  return `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
}

/** `Runtime exited with error: exit status 1`, as AWS words what became of a process. */
export function exitText(reason: ExitReason): string {
  if (reason.code === 0) return 'Runtime exited without providing a reason';
  return `Runtime exited with error: ${exitStatus(reason)}`;
}

export function exitStatus({ code, signal }: ExitReason): string {
  return signal === undefined ? `exit status ${code ?? 1}` : `signal: ${signalWords[signal] ?? signal}`;
}

// As Go prints them, since that is what AWS's supervisor is written in.
const signalWords: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: 'killed',
  SIGTERM: 'terminated',
  SIGSEGV: 'segmentation fault',
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGILL: 'illegal instruction',
  SIGFPE: 'floating point exception',
  SIGINT: 'interrupt',
  SIGHUP: 'hangup',
  SIGTRAP: 'trace/breakpoint trap',
  SIGPIPE: 'broken pipe',
  SIGSYS: 'bad system call',
};
