/** restJson1 and restXml: members are spread over the request line, headers and body. */
import { asBuffer } from '../codec/base64.ts';
import { type EventBody, eventFrames } from '../codec/event-stream.ts';
import type { MemberModel } from '../model.ts';
import { emptyBody, type WireRequest, type WireResponse } from '../wire.ts';
import {
  eventsMember,
  isBody,
  isStream,
  type OperationCodec,
  type OperationPlan,
  type Reply,
  recordOf,
} from './codec.ts';
import { inputBinds } from './rest-input.ts';
import { type Head, outputEmitters } from './rest-output.ts';

/** Where JSON and XML differ. */
export interface RestBody {
  readonly contentType: string;
  /** Of a blob that is the whole body. */
  readonly blobType: string;
  /** Body-bound members of a structure; an empty body gives none. */
  reader(structure: string): (body: Buffer) => Readonly<Record<string, unknown>>;
  writer(structure: string): (value: Readonly<Record<string, unknown>>) => string;
  /** A structure, list, map or document that is the whole body. */
  payloadReader(member: MemberModel): (body: Buffer) => unknown;
  payloadWriter(name: string, member: MemberModel): (value: unknown) => string;
  readonly events: EventBody;
}

export function restCodec(plan: OperationPlan, body: RestBody): OperationCodec {
  return { decode: decoder(plan, body), encode: encoder(plan, body) };
}

function decoder({ model, operation: { input } }: OperationPlan, body: RestBody): OperationCodec['decode'] {
  const members = model.structures[input ?? '']?.members ?? {};
  const binds = inputBinds(members);
  const payload = Object.entries(members).find(([, member]) => member.in === 'payload');
  const readPayload = payload === undefined ? undefined : payloadReader(payload[1], body);
  const readBody = Object.values(members).some(isBody) && input !== undefined ? body.reader(input) : undefined;
  return (request) => {
    const decoded: Record<string, unknown> = readBody === undefined ? {} : { ...readBody(request.body) };
    for (const bind of binds) bind(request, decoded);
    if (payload !== undefined && readPayload !== undefined) {
      const value = readPayload(request);
      if (value !== undefined) decoded[payload[0]] = value;
    }
    return decoded;
  };
}

function payloadReader(member: MemberModel, body: RestBody): (request: WireRequest) => unknown {
  // Blobs pass untouched: nothing on the way through reads them.
  if (member.type === 'blob') return (request) => request.body;
  if (member.type === 'string') return (request) => request.body.toString('utf8');
  const read = body.payloadReader(member);
  return (request) => (request.body.length === 0 ? undefined : read(request.body));
}

function encoder(plan: OperationPlan, body: RestBody): OperationCodec['encode'] {
  const { model, operation } = plan;
  const status = operation.http?.[2] ?? 200;
  const sized = operation.http?.[0] === 'HEAD';
  const members = model.structures[operation.output ?? '']?.members ?? {};
  const emitters = outputEmitters(members);
  const writeBody = bodyWriter(plan, members, body);
  return (output, reply) => {
    const value = recordOf(output);
    const head: Head = { status, headers: [], typed: false };
    for (const { name, emit } of emitters) {
      const held = value[name];
      if (held !== undefined && held !== null) emit(held, head);
    }
    const { type, content } = writeBody(value, reply);
    const bodiless = head.status === 204 || head.status === 304;
    if (!bodiless && type !== undefined && !head.typed) head.headers.push('content-type', type);
    return { status: head.status, headers: head.headers, body: bodiless ? emptyBody : content, sized };
  };
}

interface Content {
  readonly type: string | undefined;
  readonly content: WireResponse['body'];
}

type BodyWriter = (value: Readonly<Record<string, unknown>>, reply: Reply) => Content;

function bodyWriter(plan: OperationPlan, members: Readonly<Record<string, MemberModel>>, body: RestBody): BodyWriter {
  const { model, operation } = plan;
  const events = eventsMember(plan);
  if (events !== undefined) {
    return (value, { failure }) => {
      const held = value[events.name];
      if (!isStream(held)) return none;
      return {
        type: 'application/vnd.amazon.eventstream',
        content: eventFrames(model, events.union, held, body.events, failure),
      };
    };
  }
  const payload = Object.entries(members).find(([, member]) => member.in === 'payload');
  if (payload !== undefined) return payloadWriter(payload[0], payload[1], body);
  if (operation.output === undefined || !Object.values(members).some(isBody)) return () => none;
  const write = body.writer(operation.output);
  return (value) => ({ type: body.contentType, content: write(value) });
}

const none: Content = { type: undefined, content: emptyBody };

function payloadWriter(name: string, member: MemberModel, body: RestBody): BodyWriter {
  if (member.type === 'blob' || member.type === 'string') {
    return (value) => {
      const held = value[name];
      if (held instanceof Uint8Array) return { type: body.blobType, content: asBuffer(held) };
      if (isStream(held)) return { type: body.blobType, content: held };
      return held === undefined ? none : { type: body.blobType, content: String(held) };
    };
  }
  const write = body.payloadWriter(name, member);
  return (value) => (value[name] === undefined ? none : { type: body.contentType, content: write(value[name]) });
}
