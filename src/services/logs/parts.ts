import { AwsError } from '../../aws/errors.ts';
import type { RequestContext } from '../../aws/operation.ts';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { LogGroup, LogQueries, LogStream, Place } from '../../store/logs/log-queries.ts';
import type { LogStore } from '../../store/logs/log-store.ts';
import type { LogWatch, WatchParts } from './watch.ts';

/** What the operations of CloudWatch Logs are made of. */
export interface LogsParts {
  readonly logs: LogStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly watch: LogWatch;
  readonly destinations: SubscriptionDestinations;
}

/** Where subscription filters may send events; the composition wires it to functions. */
export interface SubscriptionDestinations {
  /** Why the destination cannot be one, or undefined. */
  refusal(destinationArn: string, place: Place, group: string): string | undefined;
  deliver: WatchParts['deliver'];
}

export function noSuchGroup(): AwsError {
  return failure('ResourceNotFoundException', 'The specified log group does not exist.');
}

export function noSuchStream(): AwsError {
  return failure('ResourceNotFoundException', 'The specified log stream does not exist.');
}

export function noSuchFilter(kind: 'metric' | 'subscription'): AwsError {
  return failure('ResourceNotFoundException', `The specified ${kind} filter does not exist.`);
}

export function limitExceeded(message: string): AwsError {
  return failure('LimitExceededException', message);
}

export function tooManyTags(message: string): AwsError {
  return failure('TooManyTagsException', message);
}

export function alreadyExists(what: 'group' | 'stream'): AwsError {
  return failure('ResourceAlreadyExistsException', `The specified log ${what} already exists`);
}

export function invalidParameter(message: string): AwsError {
  return failure('InvalidParameterException', message);
}

function failure(code: string, message: string): AwsError {
  return new AwsError({ code, message, status: 400 });
}

/** The group that a request names, by its name or by its ARN (with or without the closing `:*`). */
export function namedGroup(name: string | undefined, identifier: string | undefined): string {
  if ((name === undefined) === (identifier === undefined)) {
    throw invalidParameter('Exactly one of logGroupName and logGroupIdentifier must be specified');
  }
  return name ?? identifier?.replace(/^arn:aws:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '') ?? '';
}

export function existingGroup(queries: LogQueries, place: Place, name: string): LogGroup {
  const group = queries.group(place, name);
  if (group === undefined) throw noSuchGroup();
  return group;
}

export function existingStream(queries: LogQueries, place: Place, group: string, name: string): LogStream {
  existingGroup(queries, place, group);
  const stream = queries.stream(place, group, name);
  if (stream === undefined) throw noSuchStream();
  return stream;
}

export function groupArn({ region, accountId }: Pick<RequestContext, 'region' | 'accountId'>, group: string): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${group}`;
}

/** A list's continuation: where the next page begins. Opaque to callers, refused when it is not ours. */
export function encodeToken(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

export function decodeToken(token: string | undefined): readonly (string | number)[] | undefined {
  if (token === undefined) return undefined;
  try {
    const position: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(position) && position.every((part) => typeof part === 'string' || typeof part === 'number')) {
      return position;
    }
  } catch {
    // Said below.
  }
  throw invalidParameter('The specified nextToken is invalid.');
}

/** Cuts a page out of a list that is sorted already; the token counts what came before. */
export function page<T>(
  all: readonly T[],
  nextToken: string | undefined,
  limit: number,
): { items: T[]; next?: string } {
  const from = Number(decodeToken(nextToken)?.[0] ?? 0);
  const items = all.slice(from, from + limit);
  return { items, next: from + limit < all.length ? encodeToken([from + limit]) : undefined };
}
