/** A line for each request, in the format and the log group that its stage names. */
import { logGroupOf } from '../../aws/log-group-arn.ts';
import type { FunctionLog } from '../../observe/function-log.ts';
import { accessLine } from '../apis/access-log.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { type ContextValues, contextOf, contextText } from './context.ts';
import type { Arrival, Exchange } from './exchange.ts';

export function logAccess(log: FunctionLog, at: Arrival | Exchange, answer: HttpAnswer, now: number): void {
  const { destinationArn = '', format } = at.stage.accessLogSettings ?? {};
  const target = logGroupOf(destinationArn);
  if (format === undefined || target === undefined) return;
  const values: ContextValues = {
    ...contextOf(at),
    status: answer.status,
    responseLength: answer.body.length,
    responseLatency: now - at.startedAt,
  };
  const message = accessLine(format, (name) => contextText(values, name.slice('context.'.length)));
  log.append({ ...target, stream: `${at.record.id}-${at.stage.stageName}` }, [{ timestamp: now, message }]);
}
