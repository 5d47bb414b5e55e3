/** A queue's attributes: which may be set, to what, and what they are when nobody set them. */
import { isPolicy } from '../../iam/service-grant.ts';
import type { QueueRecord } from '../../store/sqs/queues.ts';
import { invalidAttribute, unknownAttribute } from './errors.ts';
import { parseQueueArn } from './names.ts';

export type AttributeMap = Readonly<Record<string, string>>;

interface Rule {
  /** Shown where it was not set; absent: then it is not shown. */
  readonly fallback?: string;
  /** May only be given when a queue is made. */
  readonly atCreation?: true;
  /** Only of FIFO queues. */
  readonly fifo?: true;
  /** Why a value cannot be, or undefined. */
  wrong(value: string): boolean;
}

export const messageBytesMax = 1_048_576;

const rules: Readonly<Record<string, Rule>> = {
  DelaySeconds: { fallback: '0', wrong: outside(0, 900) },
  MaximumMessageSize: { fallback: String(messageBytesMax), wrong: outside(1024, messageBytesMax) },
  MessageRetentionPeriod: { fallback: '345600', wrong: outside(60, 1_209_600) },
  ReceiveMessageWaitTimeSeconds: { fallback: '0', wrong: outside(0, 20) },
  VisibilityTimeout: { fallback: '30', wrong: outside(0, 43_200) },
  Policy: { wrong: (value) => !isPolicy(value) },
  RedrivePolicy: { wrong: (value) => parseRedrive(value) === undefined },
  RedriveAllowPolicy: { wrong: (value) => parseRedriveAllow(value) === undefined },
  KmsMasterKeyId: { wrong: () => false },
  KmsDataKeyReusePeriodSeconds: { wrong: outside(60, 86_400) },
  SqsManagedSseEnabled: { fallback: 'true', wrong: notBoolean },
  FifoQueue: { fifo: true, atCreation: true, wrong: notBoolean },
  ContentBasedDeduplication: { fifo: true, wrong: notBoolean },
  DeduplicationScope: { fifo: true, wrong: oneOf('queue', 'messageGroup') },
  FifoThroughputLimit: { fifo: true, wrong: oneOf('perQueue', 'perMessageGroupId') },
};

const fifoFallbacks: AttributeMap = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  FifoThroughputLimit: 'perQueue',
};

/** An empty value takes these away. */
const removable = new Set(['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId']);

/** Checks what was given; the attributes with it. Throws for a name that cannot be set, or a value that cannot be. */
export function withAttributes(before: AttributeMap, given: AttributeMap, fifo: boolean): AttributeMap {
  const after: Record<string, string> = { ...before };
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined || (rule.fifo && !fifo)) throw unknownAttribute(name);
    if (value === '' && removable.has(name)) {
      delete after[name];
      continue;
    }
    if (rule.wrong(value)) throw invalidAttribute(name);
    if (rule.atCreation && before[name] !== undefined && before[name] !== value) throw unknownAttribute(name);
    after[name] = value;
  }
  if (after.FifoThroughputLimit === 'perMessageGroupId' && after.DeduplicationScope !== 'messageGroup') {
    throw invalidAttribute('FifoThroughputLimit', 'perMessageGroupId needs the DeduplicationScope messageGroup.');
  }
  return after;
}

/** What a queue shows of what can be set. */
export function settableAttributes({ attributes }: QueueRecord): AttributeMap {
  const fallbacks = Object.entries(rules).flatMap(([name, { fallback }]) =>
    fallback === undefined ? [] : [[name, fallback]],
  );
  const fifo = attributes.FifoQueue === 'true' ? fifoFallbacks : {};
  return { ...Object.fromEntries(fallbacks), ...fifo, ...attributes };
}

export function numberOf({ attributes }: QueueRecord, name: string): number {
  return Number(attributes[name] ?? rules[name]?.fallback ?? 0);
}

export interface Redrive {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

export function redriveOf({ attributes }: Pick<QueueRecord, 'attributes'>): Redrive | undefined {
  return attributes.RedrivePolicy === undefined ? undefined : parseRedrive(attributes.RedrivePolicy);
}

export interface RedriveAllow {
  readonly redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  readonly sourceQueueArns: readonly string[];
}

export function redriveAllowOf({ attributes }: QueueRecord): RedriveAllow {
  const given = attributes.RedriveAllowPolicy;
  const policy = given === undefined ? undefined : parseRedriveAllow(given);
  return policy ?? { redrivePermission: 'allowAll', sourceQueueArns: [] };
}

/** Counts come as numbers or as text. */
function parseRedrive(text: string): Redrive | undefined {
  const value = parsed(text);
  if (!isObject(value)) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = value;
  const count = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || parseQueueArn(deadLetterTargetArn) === undefined) return undefined;
  return Number.isInteger(count) && count >= 1 && count <= 1000
    ? { deadLetterTargetArn, maxReceiveCount: count }
    : undefined;
}

const sourceQueuesMax = 10;

function parseRedriveAllow(text: string): RedriveAllow | undefined {
  const value = parsed(text);
  if (!isObject(value)) return undefined;
  const { redrivePermission, sourceQueueArns } = value;
  if (redrivePermission === 'allowAll' || redrivePermission === 'denyAll') {
    return sourceQueueArns === undefined ? { redrivePermission, sourceQueueArns: [] } : undefined;
  }
  if (redrivePermission !== 'byQueue' || !Array.isArray(sourceQueueArns)) return undefined;
  const arns = sourceQueueArns.filter((arn) => typeof arn === 'string' && parseQueueArn(arn) !== undefined);
  if (arns.length === 0 || arns.length !== sourceQueueArns.length || arns.length > sourceQueuesMax) return undefined;
  return { redrivePermission, sourceQueueArns: arns };
}

function outside(min: number, max: number): (value: string) => boolean {
  return (value) => !/^[0-9]{1,9}$/.test(value) || Number(value) < min || Number(value) > max;
}

function oneOf(...values: string[]): (value: string) => boolean {
  return (value) => !values.includes(value);
}

function notBoolean(value: string): boolean {
  return value !== 'true' && value !== 'false';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
