import { AwsError } from '../../aws/errors.ts';
import type { Clock } from '../../base/clock.ts';
import type { AlarmStore } from '../../store/metrics/alarm-store.ts';
import type { MetricStore } from '../../store/metrics/metric-store.ts';
import type { AlarmActions } from './alarms/actions.ts';
import type { AlarmEvaluator } from './alarms/evaluator.ts';

/** What the operations of CloudWatch are made of. */
export interface CloudwatchParts {
  readonly metrics: MetricStore;
  readonly alarms: AlarmStore;
  readonly actions: AlarmActions;
  readonly clock: Clock;
}

const failure = (code: string, status: number) => (message: string) => new AwsError({ code, message, status });

export const invalidValue = failure('InvalidParameterValueException', 400);
export const invalidCombination = failure('InvalidParameterCombinationException', 400);
export const missingParameter = failure('MissingRequiredParameterException', 400);
export const resourceNotFound = failure('ResourceNotFoundException', 404);
export const alarmNotFound = failure('ResourceNotFound', 404);
export const invalidToken = () => failure('InvalidNextToken', 400)('The token is not one that this operation gave');

/** A list's continuation, opaque to callers. */
export function tokenOf(position: number): string {
  return Buffer.from(`after:${position}`).toString('base64url');
}

export function positionOf(token: string | undefined): number {
  if (token === undefined || token === '') return 0;
  const position = /^after:(\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (position === undefined) throw invalidToken();
  return Number(position);
}

/** What SetAlarmState needs besides: the one that moves alarms. */
export interface MovesAlarms {
  readonly evaluator: Pick<AlarmEvaluator, 'move'>;
}
