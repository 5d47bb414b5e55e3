/**
 * What the platform has to say of an environment, as data: the log shows it as text or as JSON, extensions get it from the
 * Telemetry API (reference: lambda-semantics 2.3, 3.6).
 */
import type { FunctionVersion } from '../model/function.ts';
import { isSnapStarted } from '../model/snap-start.ts';

export type InitializationType = 'on-demand' | 'provisioned-concurrency' | 'snap-start';

export function initializationType(version: FunctionVersion, provisioned: boolean): InitializationType {
  if (provisioned) return 'provisioned-concurrency';
  return isSnapStarted(version) ? 'snap-start' : 'on-demand';
}

export type Phase = 'init' | 'invoke';
/** `error`: the function reported one; `failure`: its runtime or an extension failed. */
export type Status = 'success' | 'failure' | 'error' | 'timeout';

export interface Tracing {
  /** Of the function's own segment, where one is traced. */
  readonly spanId?: string;
  readonly type: 'X-Amzn-Trace-Id';
  readonly value: string;
}

export interface Span {
  readonly name: 'responseLatency' | 'responseDuration' | 'runtimeOverhead' | 'extensionOverhead';
  /** ISO 8601. */
  readonly start: string;
  readonly durationMs: number;
}

export interface Ended {
  readonly status: Status;
  readonly errorType?: string;
}

export interface InitStart {
  readonly initializationType: InitializationType;
  readonly phase: Phase;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly runtimeVersion: string;
  readonly runtimeVersionArn: string;
}

export type RestoreStart = Omit<InitStart, 'initializationType'>;

export interface RestoreEnded extends Ended {
  readonly phase: Phase;
  readonly metrics: { readonly durationMs: number };
}

export interface InitEnded extends Ended {
  readonly initializationType: InitializationType;
  readonly phase: Phase;
}

export interface RuntimeDone extends Ended {
  readonly requestId: string;
  readonly metrics: { readonly durationMs: number; readonly producedBytes?: number };
  readonly spans?: readonly Span[];
  readonly tracing?: Tracing;
}

export interface ReportMetrics {
  readonly durationMs: number;
  readonly billedDurationMs: number;
  readonly memorySizeMB: number;
  readonly maxMemoryUsedMB: number;
  /** Only where init ran in its own phase. */
  readonly initDurationMs?: number;
  /** Only where it began with a snapshot. */
  readonly restoreDurationMs?: number;
  readonly billedRestoreDurationMs?: number;
}

export interface Report extends Ended {
  readonly requestId: string;
  readonly metrics: ReportMetrics;
  readonly spans?: readonly Span[];
  readonly tracing?: Tracing;
}

export interface Subscribed {
  readonly name: string;
  readonly state: 'Subscribed';
  readonly types: readonly string[];
}

export interface ExtensionStatus {
  readonly name: string;
  readonly state: string;
  readonly events: readonly string[];
  readonly errorType?: string;
}

export type PlatformEvent =
  | { readonly type: 'platform.restoreStart'; readonly record: RestoreStart }
  | { readonly type: 'platform.restoreRuntimeDone'; readonly record: Ended }
  | { readonly type: 'platform.restoreReport'; readonly record: RestoreEnded }
  | { readonly type: 'platform.initStart'; readonly record: InitStart }
  | { readonly type: 'platform.initRuntimeDone'; readonly record: InitEnded }
  | {
      readonly type: 'platform.initReport';
      readonly record: InitEnded & { readonly metrics: { readonly durationMs: number } };
    }
  | {
      readonly type: 'platform.start';
      readonly record: { readonly requestId: string; readonly version: string; readonly tracing?: Tracing };
    }
  | { readonly type: 'platform.runtimeDone'; readonly record: RuntimeDone }
  | { readonly type: 'platform.report'; readonly record: Report }
  | { readonly type: 'platform.extension'; readonly record: ExtensionStatus }
  | { readonly type: 'platform.telemetrySubscription' | 'platform.logsSubscription'; readonly record: Subscribed };

export type SystemLevel = 'DEBUG' | 'INFO' | 'WARN';

/** Which SystemLogLevel still shows an event. */
export function levelOf(event: PlatformEvent): SystemLevel {
  switch (event.type) {
    case 'platform.initStart':
    case 'platform.restoreStart':
    case 'platform.start':
    case 'platform.telemetrySubscription':
    case 'platform.logsSubscription':
      return 'INFO';
    case 'platform.initRuntimeDone':
    case 'platform.restoreRuntimeDone':
    case 'platform.runtimeDone':
      return event.record.status === 'success' ? 'DEBUG' : 'WARN';
    case 'platform.initReport':
    case 'platform.restoreReport':
    case 'platform.report':
      return event.record.status === 'success' ? 'INFO' : 'WARN';
    case 'platform.extension':
      return event.record.errorType === undefined ? 'INFO' : 'WARN';
  }
}

export function tracingOf(traceHeader: string | undefined, mode: 'Active' | 'PassThrough'): Tracing | undefined {
  if (traceHeader === undefined) return undefined;
  if (mode === 'PassThrough') return { type: 'X-Amzn-Trace-Id', value: traceHeader };
  const spanId = /;Parent=([^;]+);Sampled=1/.exec(traceHeader)?.[1];
  return { spanId, type: 'X-Amzn-Trace-Id', value: traceHeader };
}

/** As AWS rounds. */
export function milliseconds(exact: number): number {
  return Math.round(exact * 1000) / 1000;
}
