import { createHash } from 'node:crypto';
import type { ExitReason } from './sandbox/sandbox.ts';

/** The platform's own lines in a function's log, to the letter (reference: lambda-semantics 2.3). */

export function initStartLine({ versionLabel, region }: { versionLabel: string; region: string }): string {
  return `INIT_START Runtime Version: ${versionLabel}\tRuntime Version ARN: ${runtimeVersionArn(versionLabel, region)}`;
}

/** AWS names a runtime build by a SHA-256; ours is that of its label, so that equal builds have equal ARNs. */
export function runtimeVersionArn(versionLabel: string, region: string): string {
  return `arn:aws:lambda:${region}::runtime:${createHash('sha256').update(versionLabel).digest('hex')}`;
}

export function startLine(requestId: string, version: string): string {
  return `START RequestId: ${requestId} Version: ${version}`;
}

export function endLine(requestId: string): string {
  return `END RequestId: ${requestId}`;
}

export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedMs: number;
  readonly memorySizeMb: number;
  readonly memoryUsedMb: number;
  /** Only where init ran in its own phase. */
  readonly initMs?: number;
  readonly failure?: { readonly status: 'timeout' } | { readonly status: 'error'; readonly errorType: string };
}

export function reportLine(report: Report): string {
  const init = report.initMs === undefined ? '' : `Init Duration: ${report.initMs.toFixed(2)} ms\t`;
  return (
    `REPORT RequestId: ${report.requestId}\tDuration: ${report.durationMs.toFixed(2)} ms\t` +
    `Billed Duration: ${report.billedMs} ms\tMemory Size: ${report.memorySizeMb} MB\t` +
    `Max Memory Used: ${report.memoryUsedMb} MB\t${init}${failureColumns(report.failure)}`
  );
}

export interface InitReport {
  readonly initMs: number;
  readonly phase: 'init' | 'invoke';
  readonly failure: { readonly status: 'timeout' } | { readonly status: 'error'; readonly errorType: string };
}

export function initReportLine({ initMs, phase, failure }: InitReport): string {
  return `INIT_REPORT Init Duration: ${initMs.toFixed(2)} ms\tPhase: ${phase}\t${failureColumns(failure)}`;
}

function failureColumns(failure: Report['failure']): string {
  if (failure === undefined) return '';
  return failure.status === 'timeout' ? 'Status: timeout' : `Status: error\tError Type: ${failure.errorType}`;
}

export interface ExtensionState {
  readonly name: string;
  readonly state: string;
  readonly events: readonly string[];
  readonly errorType?: string;
}

export function extensionLine({ name, state, events, errorType }: ExtensionState): string {
  const error = errorType === undefined ? '' : `\tError Type: ${errorType}`;
  return `EXTENSION\tName: ${name}\tState: ${state}\tEvents: [${events.join(', ')}]${error}`;
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
