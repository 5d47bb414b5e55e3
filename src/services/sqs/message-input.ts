/** A message as a sender gives it: checked, and made into what the engine takes. */
import { hash } from 'node:crypto';
import type { MessageAttributeValue, SendMessageRequest } from '@aws-sdk/client-sqs';
import { numberOf } from './attributes.ts';
import type { Queue } from './engine/queue.ts';
import { invalid, invalidContents, invalidValue, missing } from './errors.ts';
import type { Attributes, AttributeValue, NewMessage } from './message.ts';

export type MessageInput = Omit<SendMessageRequest, 'QueueUrl'>;

const attributesMax = 10;
const identityCharacters = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;
const wrongType = 'The request includes a parameter that is not valid for this queue type';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what SQS refuses
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

export function messageOf(queue: Queue, input: MessageInput, senderId: string): NewMessage {
  const { MessageBody: body } = input;
  if (body === undefined || body === '') throw missing('MessageBody');
  if (forbidden.test(body)) throw invalidContents(unicode);
  const attributes = attributesOf(input.MessageAttributes);
  const message = { body, attributes, senderId, traceHeader: traceHeader(input), delayMs: delayMs(queue, input) };
  const bytesMax = numberOf(queue.record, 'MaximumMessageSize');
  if (messageBytes(message) > bytesMax) {
    throw invalidValue(`One or more parameters are invalid. Reason: Message must be shorter than ${bytesMax} bytes.`);
  }
  return { ...message, ...(queue.fifo ? fifoIdentity(queue, input, body) : standardIdentity(input)) };
}

/** What counts against the limits: the body, and names, types and values of attributes. */
export function messageBytes({ body, attributes = {} }: Pick<NewMessage, 'body' | 'attributes'>): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { DataType, StringValue = '', BinaryValue }] of Object.entries(attributes)) {
    bytes +=
      Buffer.byteLength(name) + Buffer.byteLength(DataType) + (BinaryValue?.length ?? Buffer.byteLength(StringValue));
  }
  return bytes;
}

const unicode =
  'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | ' +
  '#x10000 to #x10FFFF';

function fifoIdentity(queue: Queue, input: MessageInput, body: string) {
  const { MessageGroupId: groupId, MessageDeduplicationId: given } = input;
  if (groupId === undefined) throw missing('MessageGroupId');
  checkIdentity('MessageGroupId', groupId);
  if (given !== undefined) checkIdentity('MessageDeduplicationId', given);
  if (given === undefined && queue.record.attributes.ContentBasedDeduplication !== 'true') {
    throw invalidValue(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return { groupId, deduplicationId: given ?? hash('sha256', body) };
}

/** A group on a standard queue tells tenants apart; it is kept and shown. */
function standardIdentity({ MessageGroupId: groupId, MessageDeduplicationId: deduplicationId }: MessageInput) {
  if (deduplicationId !== undefined) throw invalid('MessageDeduplicationId', deduplicationId, wrongType);
  if (groupId !== undefined) checkIdentity('MessageGroupId', groupId);
  return { groupId };
}

function checkIdentity(parameter: string, value: string): void {
  if (identityCharacters.test(value)) return;
  throw invalid(
    parameter,
    value,
    `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

function delayMs(queue: Queue, { DelaySeconds: seconds }: MessageInput): number | undefined {
  if (seconds === undefined) return undefined;
  if (queue.fifo) {
    if (seconds !== 0) throw invalid('DelaySeconds', seconds, wrongType);
    return undefined;
  }
  if (seconds < 0 || seconds > 900) {
    throw invalid('DelaySeconds', seconds, 'DelaySeconds must be >= 0 and <= 900.');
  }
  return seconds * 1000;
}

function traceHeader({ MessageSystemAttributes: given = {} }: MessageInput): string | undefined {
  for (const name of Object.keys(given)) {
    if (name !== 'AWSTraceHeader') throw invalidValue(`Message system attribute name '${name}' is invalid.`);
  }
  const header = given.AWSTraceHeader;
  if (header === undefined) return undefined;
  return checkedAttribute('AWSTraceHeader', header, 'message system attribute').StringValue;
}

function attributesOf(given: Readonly<Record<string, MessageAttributeValue>> | undefined): Attributes | undefined {
  const entries = Object.entries(given ?? {});
  if (entries.length === 0) return undefined;
  if (entries.length > attributesMax) {
    throw invalidValue(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${attributesMax}].`,
    );
  }
  return Object.fromEntries(
    entries.map(([name, value]) => {
      checkName(name);
      return [name, checkedAttribute(name, value, 'message attribute')];
    }),
  );
}

function checkName(name: string): void {
  const allowed = /^[A-Za-z0-9_.-]{1,256}$/.test(name) && !/^\.|\.$|\.\./.test(name);
  if (allowed && !/^(aws|amazon)\./i.test(name)) return;
  throw invalidValue(`Message (user) attribute name '${name}' is invalid.`);
}

function checkedAttribute(name: string, value: MessageAttributeValue, what: string): AttributeValue {
  const { DataType = '', StringValue, BinaryValue, StringListValues, BinaryListValues } = value;
  if (StringListValues?.length || BinaryListValues?.length) {
    throw failureOf(what, name, 'list values are not supported.');
  }
  const kind = /^(String|Number|Binary)(\.|$)/.exec(DataType)?.[1];
  if (kind === undefined || DataType.length > 256) {
    const types = 'the set of supported type prefixes is Binary, Number, and String.';
    throw invalidValue(`The ${what} '${name}' has an invalid ${what} type, ${types}`);
  }
  if (kind === 'Binary') {
    if (!BinaryValue?.length) throw empty(what, name, kind);
    return { DataType, BinaryValue };
  }
  if (!StringValue) throw empty(what, name, kind);
  if (forbidden.test(StringValue)) throw invalidContents(unicode);
  if (kind === 'Number' && !isNumber(StringValue)) {
    throw invalidValue(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  return { DataType, StringValue };
}

function isNumber(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) && text.length <= 256;
}

function empty(what: string, name: string, kind: string) {
  return invalidValue(`The ${what} '${name}' must contain a non-empty value of type '${kind}'.`);
}

function failureOf(what: string, name: string, why: string) {
  return invalidValue(`The ${what} '${name}' is invalid: ${why}`);
}
