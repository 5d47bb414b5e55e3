/** How asynchronous invocations of a function's qualifier are treated (reference: lambda-semantics 4.1 to 4.3). */
import { invalidParameterValue } from './errors.ts';
import type { FunctionKey } from './function.ts';

export interface EventInvokeConfig {
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeSeconds?: number;
  /** ARNs. */
  readonly onSuccess?: string;
  readonly onFailure?: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}

/** What AWS does where nothing is configured. */
export const retryAttemptsDefault = 2;
export const eventAgeSecondsDefault = 21_600;

const account = '\\d{12}';
const region = '[a-z]{2}(?:-[a-z]+)+-\\d';
const patterns = {
  lambda: new RegExp(`^arn:aws[a-zA-Z-]*:lambda:${region}:${account}:function:[\\w-]+(?::(?:\\$LATEST|[\\w-]+))?$`),
  sqs: new RegExp(`^arn:aws[a-zA-Z-]*:sqs:${region}:${account}:[\\w-]{1,80}$`),
  sns: new RegExp(`^arn:aws[a-zA-Z-]*:sns:${region}:${account}:[\\w-]{1,256}$`),
  events: new RegExp(`^arn:aws[a-zA-Z-]*:events:${region}:${account}:event-bus/[\\w./-]{1,256}$`),
  s3: /^arn:aws[a-zA-Z-]*:s3:::[\w.-]{3,63}$/,
} as const;

export type DestinationKind = keyof typeof patterns;

/** Undefined for what cannot be one: FIFO queues and topics have a name with a dot. */
export function destinationKind(arn: string): DestinationKind | undefined {
  const kinds = Object.keys(patterns) as DestinationKind[];
  return kinds.find((kind) => patterns[kind].test(arn));
}

/** The function and the qualifier that a Lambda destination names. */
export function destinationFunction(arn: string): { key: FunctionKey; qualifier: string | undefined } {
  const [, , , region = '', accountId = '', , name = '', qualifier] = arn.split(':');
  return { key: { accountId, region, name }, qualifier };
}

/** Throws AWS's refusal of destinations that a function cannot have. */
export function checkDestinations(key: FunctionKey, config: Pick<EventInvokeConfig, 'onSuccess' | 'onFailure'>): void {
  const { onSuccess, onFailure } = config;
  const given = [onSuccess, onFailure].filter((arn) => arn !== undefined);
  // A bucket is told of failures only.
  const valid = given.every((arn) => destinationKind(arn) !== undefined) && !(onSuccess && isBucket(onSuccess));
  if (!valid || given.some((arn) => isForeignFunction(arn, key))) throw invalid(config);
  if (given.some((arn) => isFunction(arn) && destinationFunction(arn).key.name === key.name)) {
    throw invalidParameterValue("You can't specify the function as a destination for itself.");
  }
}

function isBucket(arn: string): boolean {
  return destinationKind(arn) === 's3';
}

function isFunction(arn: string): boolean {
  return destinationKind(arn) === 'lambda';
}

/** Events stay in the account and region that they were accepted in. */
function isForeignFunction(arn: string, key: FunctionKey): boolean {
  if (!isFunction(arn)) return false;
  const there = destinationFunction(arn).key;
  return there.accountId !== key.accountId || there.region !== key.region;
}

function invalid({ onSuccess, onFailure }: Pick<EventInvokeConfig, 'onSuccess' | 'onFailure'>): Error {
  const printed = (kind: string, arn: string | undefined) =>
    arn === undefined ? 'null' : `${kind}(destination=${arn})`;
  return invalidParameterValue(
    `The provided destination config DestinationConfig(onSuccess=${printed('OnSuccess', onSuccess)}, onFailure=${printed('OnFailure', onFailure)}) is invalid.`,
  );
}
