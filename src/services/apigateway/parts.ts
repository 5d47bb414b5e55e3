import { AwsError } from '../../aws/errors.ts';
import type { ApigatewayTypes } from '../../aws/models/apigateway.types.ts';
import type { Operation } from '../../aws/operation.ts';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { RestStore } from '../../store/restapis/rest-store.ts';
import type { UsageCounter } from './usage-counter.ts';

/** What the operations are made of. */
export interface ApigatewayParts {
  readonly rest: RestStore;
  readonly usage: UsageCounter;
  /** What authorizers of a stage have said counts no more. */
  authorizersFlushed(apiId: string, stageName: string): void;
  readonly clock: Clock;
  readonly random: Random;
}

export type ApigatewayOperation<Name extends keyof ApigatewayTypes> = Operation<
  ApigatewayTypes[Name]['input'],
  ApigatewayTypes[Name]['output']
>;

export function badRequest(message: string): AwsError {
  return new AwsError({ code: 'BadRequestException', message, status: 400 });
}

export function conflict(message: string): AwsError {
  return new AwsError({ code: 'ConflictException', message, status: 409 });
}

/** As `Invalid Stage identifier specified`. */
export function notFound(what: string, id?: string): AwsError {
  const message = `Invalid ${what} specified${id === undefined ? '' : ` ${id}`}`;
  return new AwsError({ code: 'NotFoundException', message, status: 404 });
}

export function tooMany(what: string, most: number): AwsError {
  const message = `Maximum number of ${what} has been reached. The limit is ${most}`;
  return new AwsError({ code: 'LimitExceededException', message, status: 429 });
}
