import type { FunctionConfiguration } from '../model/function.ts';
import { levelOf, type PlatformEvent, type SystemLevel } from './platform-events.ts';

/** How a function wants its log (reference: lambda-semantics 2.3). */
export interface LogRules {
  readonly json: boolean;
  /** With JSON alone. */
  readonly system: SystemLevel;
  /** The least level of the function's own lines, where nobody inside filters them. */
  readonly application?: string;
}

export const textRules: LogRules = { json: false, system: 'INFO' };

/** What managed runtimes log they filter themselves; what custom runtimes write is filtered here. */
export function logRules({ loggingConfig, runtime }: FunctionConfiguration): LogRules {
  if (loggingConfig.logFormat !== 'JSON') return textRules;
  const custom = runtime.startsWith('provided');
  return {
    json: true,
    system: loggingConfig.systemLogLevel ?? 'INFO',
    application: custom ? loggingConfig.applicationLogLevel : undefined,
  };
}

const systemOrder = ['DEBUG', 'INFO', 'WARN'];

export function showsEvent({ system }: LogRules, event: PlatformEvent): boolean {
  return systemOrder.indexOf(levelOf(event)) >= systemOrder.indexOf(system);
}

const applicationOrder = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

export function showsLine({ application }: LogRules, line: string): boolean {
  if (application === undefined) return true;
  const level = applicationOrder.indexOf(claimedLevel(line));
  return (level < 0 ? applicationOrder.indexOf('INFO') : level) >= applicationOrder.indexOf(application);
}

/** Of a JSON object that says its level and its time; anything else counts as INFO. */
function claimedLevel(line: string): string {
  if (!line.startsWith('{')) return 'INFO';
  try {
    const { level, timestamp } = JSON.parse(line) as { level?: unknown; timestamp?: unknown };
    if (typeof level !== 'string' || typeof timestamp !== 'string' || !rfc3339.test(timestamp)) return 'INFO';
    return level.toUpperCase();
  } catch {
    return 'INFO';
  }
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;
