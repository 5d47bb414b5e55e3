import { AwsError } from '../../aws/errors.ts';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { ApiStore } from '../../store/apis/api-store.ts';

/** What the operations are made of. */
export interface Apigatewayv2Parts {
  readonly apis: ApiStore;
  readonly clock: Clock;
  readonly random: Random;
  /** What the authorizers of a stage have said is asked anew. */
  forgetAuthorised(apiId: string, stageName: string): void;
}

export function badRequest(message: string): AwsError {
  return new AwsError({ code: 'BadRequestException', message, status: 400 });
}

export function conflict(message: string): AwsError {
  return new AwsError({ code: 'ConflictException', message, status: 409 });
}

export function notFound(what: string, id: string | undefined): AwsError {
  return missing(what, `Invalid ${what} identifier specified ${id ?? ''}`.trimEnd());
}

export function missing(ResourceType: string, message: string): AwsError {
  return new AwsError({ code: 'NotFoundException', message, status: 404, members: { ResourceType } });
}

export function tooMany(what: string, most: number): AwsError {
  const message = `Cannot create another ${what}: the limit of ${most} is reached`;
  return new AwsError({ code: 'TooManyRequestsException', message, status: 429, members: { LimitType: what } });
}

/** A role that API Gateway is to act as; of the API's own account, or it would be somebody else's leave. */
export function checkRole(arn: string | undefined, accountId: string): void {
  if (arn === undefined) return;
  const owner = /^arn:aws[a-z-]*:iam::(\d{12}):role\/.+$/.exec(arn)?.[1];
  if (owner !== accountId) throw badRequest(`Invalid credentials: ${arn} is not a role of the account ${accountId}`);
}
