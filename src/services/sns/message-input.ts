/** A message as a publisher gives it, checked. */
import { hash } from 'node:crypto';
import type { MessageAttributeValue, PublishInput } from '@aws-sdk/client-sns';
import type { ParcelAttribute } from '../../delivery/parcel.ts';
import type { Topic } from '../../store/sns/topics.ts';
import { invalidParameter } from './errors.ts';
import { parsed } from './retry.ts';
import { isFifo } from './topic-attributes.ts';

export interface CheckedMessage {
  readonly subject?: string;
  readonly body: string;
  /** Where the message is another for some. */
  readonly byProtocol: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, ParcelAttribute>>;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly traceHeader?: string;
}

export type MessageInput = Pick<
  PublishInput,
  'Message' | 'Subject' | 'MessageStructure' | 'MessageAttributes' | 'MessageGroupId' | 'MessageDeduplicationId'
>;

export const messageBytesMax = 262_144;

const identityCharacters = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

export function checkedMessage(topic: Topic, input: MessageInput): CheckedMessage {
  const { Message: message, Subject: subject, MessageStructure: structure } = input;
  if (message === undefined || message === '') throw invalidParameter('Empty message');
  if (subject !== undefined) checkSubject(subject);
  const attributes = attributesOf(input.MessageAttributes);
  if (messageBytes({ body: message, attributes }) > messageBytesMax) throw invalidParameter('Message too long');
  return { subject, attributes, ...bodies(message, structure), ...identity(topic, input, message) };
}

/** What counts against the limit. */
export function messageBytes({ body, attributes }: Pick<CheckedMessage, 'body' | 'attributes'>): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { type, text, base64 = '' }] of Object.entries(attributes)) {
    const value = text === undefined ? Buffer.byteLength(base64, 'base64') : Buffer.byteLength(text);
    bytes += Buffer.byteLength(name) + type.length + value;
  }
  return bytes;
}

/** Printable ASCII without line breaks, up to 100 characters. */
function checkSubject(subject: string): void {
  if (!/^[\x20-\x7e]{1,100}$/.test(subject) || subject.startsWith(' ')) throw invalidParameter('Subject');
}

function bodies(message: string, structure: string | undefined): Pick<CheckedMessage, 'body' | 'byProtocol'> {
  if (structure === undefined || structure === '') return { body: message, byProtocol: {} };
  if (structure !== 'json') throw invalidParameter('MessageStructure');
  const given = parsed(message);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  const texts = Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const byProtocol = Object.fromEntries(texts);
  if (byProtocol.default === undefined) {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  return { body: byProtocol.default, byProtocol };
}

function identity(topic: Topic, { MessageGroupId, MessageDeduplicationId }: MessageInput, message: string) {
  if (!isFifo(topic)) {
    if (MessageDeduplicationId !== undefined) {
      throw invalidParameter(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      );
    }
    return { groupId: MessageGroupId === undefined ? undefined : checkedId('MessageGroupId', MessageGroupId) };
  }
  if (MessageGroupId === undefined) {
    throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
  }
  if (MessageDeduplicationId === undefined && topic.attributes.ContentBasedDeduplication !== 'true') {
    throw invalidParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return {
    groupId: checkedId('MessageGroupId', MessageGroupId),
    deduplicationId: checkedId('MessageDeduplicationId', MessageDeduplicationId ?? hash('sha256', message)),
  };
}

function checkedId(parameter: string, value: string): string {
  if (!identityCharacters.test(value))
    throw invalidParameter(
      `${parameter} Reason: ${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
  return value;
}

function attributesOf(given: Readonly<Record<string, MessageAttributeValue>> = {}): CheckedMessage['attributes'] {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (!/^[A-Za-z0-9_.-]{1,256}$/.test(name) || /^\.|\.$|\.\.|^(aws|amazon)\./i.test(name)) {
        throw invalidParameter(`MessageAttributes Reason: Invalid message attribute name '${name}'`);
      }
      return [name, checkedAttribute(name, value)];
    }),
  );
}

function checkedAttribute(
  name: string,
  { DataType: type = '', StringValue, BinaryValue }: MessageAttributeValue,
): ParcelAttribute {
  const kind = /^(String\.Array|String|Number|Binary)(\.|$)/.exec(type)?.[1];
  if (kind === undefined) {
    const types = 'the set of supported type prefixes is Binary, Number, and String.';
    throw wrongAttribute(`The message attribute '${name}' has an invalid message attribute type, ${types}`);
  }
  if (kind === 'Binary') {
    if (!BinaryValue?.length) throw empty(name, type);
    return { type, base64: Buffer.from(BinaryValue).toString('base64') };
  }
  if (!StringValue) throw empty(name, type);
  if (kind === 'Number' && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(StringValue)) {
    throw wrongAttribute(`Could not cast message attribute '${name}' value to number`);
  }
  if (kind === 'String.Array' && !Array.isArray(parsed(StringValue))) {
    throw wrongAttribute(`The message attribute '${name}' of type 'String.Array' must be an array`);
  }
  return { type, text: StringValue };
}

function empty(name: string, type: string) {
  return wrongAttribute(
    `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
  );
}

function wrongAttribute(why: string) {
  return invalidParameter(`MessageAttributes Reason: ${why}`);
}
