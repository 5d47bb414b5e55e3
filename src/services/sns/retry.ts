/** How often each kind of subscriber is tried. */
import type { Retry } from '../../delivery/parcel.ts';
import type { Subscription, Topic } from '../../store/sns/topics.ts';

const daysMs = 24 * 3_600_000;

/** AWS tries its own endpoints for 23 days. */
const ownRetry: Retry = { attemptsMax: 100_015, ageMsMax: 23 * daysMs, waitMsMin: 1000, waitMsMax: 600_000 };
/** What AWS does with HTTP endpoints where nothing is configured. */
const httpDefault: HttpPolicy = { numRetries: 3, minDelayTarget: 20, maxDelayTarget: 20 };

const numRetriesMax = 100;
const delaySecondsMax = 3600;

interface HttpPolicy {
  readonly numRetries: number;
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
}

export function retryOf(topic: Topic, { protocol, attributes }: Subscription): Retry {
  if (protocol !== 'http' && protocol !== 'https') return ownRetry;
  const policy =
    healthyRetry(attributes.DeliveryPolicy, ['healthyRetryPolicy']) ??
    healthyRetry(topic.attributes.DeliveryPolicy, ['http', 'defaultHealthyRetryPolicy']) ??
    httpDefault;
  return {
    attemptsMax: policy.numRetries + 1,
    ageMsMax: daysMs,
    waitMsMin: policy.minDelayTarget * 1000,
    waitMsMax: policy.maxDelayTarget * 1000,
  };
}

/** Undefined for what does not say how, or says it wrongly. */
export function healthyRetry(text: string | undefined, path: readonly string[]): HttpPolicy | undefined {
  const policy = path.reduce<unknown>((value, name) => member(value, name), parsed(text ?? ''));
  const [numRetries, minDelayTarget, maxDelayTarget] = [
    whole(member(policy, 'numRetries'), httpDefault.numRetries, numRetriesMax),
    whole(member(policy, 'minDelayTarget'), httpDefault.minDelayTarget, delaySecondsMax),
    whole(member(policy, 'maxDelayTarget'), httpDefault.maxDelayTarget, delaySecondsMax),
  ];
  if (policy === undefined || numRetries === undefined || minDelayTarget === undefined) return undefined;
  if (maxDelayTarget === undefined || minDelayTarget < 1 || maxDelayTarget < minDelayTarget) return undefined;
  return { numRetries, minDelayTarget, maxDelayTarget };
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function whole(value: unknown, fallback: number, max: number): number | undefined {
  const number = value ?? fallback;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= max ? number : undefined;
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
