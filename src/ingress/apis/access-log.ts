/** A line for each request, in the format and the log group that its stage names. */
import { logGroupOf } from '../../aws/log-group-arn.ts';
import type { FunctionLog } from '../../observe/function-log.ts';
import type { HttpAnswer } from '../http/answer.ts';
import type { Exchange } from './exchange.ts';
import { variableOf } from './variables.ts';

export function logAccess(log: FunctionLog, exchange: Exchange, answer: HttpAnswer, now: number): void {
  const { DestinationArn = '', Format } = exchange.stage.AccessLogSettings ?? {};
  const target = logGroupOf(DestinationArn);
  if (Format === undefined || target === undefined) return;
  const said: Readonly<Record<string, string>> = {
    'context.status': String(answer.status),
    'context.responseLength': String(answer.body.length),
    'context.responseLatency': String(now - exchange.startedAt),
  };
  const message = accessLine(Format, (name) => (Object.hasOwn(said, name) ? said[name] : variableOf(exchange, name)));
  const stream = `${exchange.record.id}-${exchange.stage.StageName?.replace('$', '')}`;
  log.append({ ...target, stream }, [{ timestamp: now, message }]);
}

/** A format with its variables in their places; what there is not is a hyphen. */
export function accessLine(format: string, valueFor: (name: string) => string | undefined): string {
  return format.replace(/\$(context(?:\.\w+)+)/g, (_, name: string) => {
    const value = valueFor(name);
    if (value === undefined || value === '') return '-';
    // Which is a text of JSON already.
    return name === 'context.error.messageString' ? value : escaped(value);
  });
}

/** A client's header cannot end the line, or a text of JSON, that it stands in. */
function escaped(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}
