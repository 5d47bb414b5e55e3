/** An error as each protocol sends it. */
import { encodeCbor } from '../codec/cbor.ts';
import { escapeAttribute, escapeText } from '../codec/xml.ts';
import type { AwsError } from '../errors.ts';
import type { Protocol, StructureModel } from '../model.ts';
import { serviceModel, services } from '../models.ts';
import type { WireResponse } from '../wire.ts';
import { xmlDeclaration } from './rest-xml.ts';

export interface ErrorReply {
  /** Unknown when nothing in the request told. */
  readonly service: string | undefined;
  readonly protocol: Protocol;
  readonly error: AwsError;
  readonly requestId: string;
}

export function renderError(reply: ErrorReply): WireResponse {
  const { error, protocol } = reply;
  const { headers, body } = bodyOf(reply, structureOf(reply));
  const extra = Object.entries(error.headers).flat();
  return { status: error.status, headers: [...headers, ...protocolHeaders(protocol), ...extra], body };
}

function bodyOf(
  reply: ErrorReply,
  structure: StructureModel | undefined,
): { headers: string[]; body: string | Buffer } {
  const { protocol, error } = reply;
  switch (protocol) {
    case 'restJson1': {
      const headers = ['content-type', 'application/json', 'x-amzn-errortype', error.code];
      return {
        headers: [...headers, ...boundHeaders(error, structure)],
        body: JSON.stringify(jsonMembers(reply, structure)),
      };
    }
    case 'awsJson1.0':
    case 'awsJson1.1': {
      const headers = [
        'content-type',
        `application/x-amz-json-${protocol.slice(7)}`,
        ...queryCompatible(reply, structure),
      ];
      return { headers, body: JSON.stringify({ __type: error.code, ...jsonMembers(reply, structure) }) };
    }
    case 'rpcv2Cbor':
    case 'cbor1.1': {
      const type = protocol === 'rpcv2Cbor' ? 'application/cbor' : 'application/x-amz-cbor-1.1';
      const headers = ['content-type', type, ...queryCompatible(reply, structure)];
      return { headers, body: encodeCbor({ __type: error.code, ...jsonMembers(reply, structure) }) };
    }
    case 'awsQuery':
      return { headers: ['content-type', 'text/xml'], body: queryXml(reply, structure) };
    case 'restXml':
      return { headers: ['content-type', 'application/xml'], body: s3Xml(reply) };
  }
}

function protocolHeaders(protocol: Protocol): string[] {
  return protocol === 'rpcv2Cbor' ? ['smithy-protocol', 'rpc-v2-cbor'] : [];
}

function structureOf({ service, error }: ErrorReply): StructureModel | undefined {
  if (service === undefined || !Object.hasOwn(services, service)) return undefined;
  const { structures } = serviceModel(service);
  return Object.hasOwn(structures, error.code) ? structures[error.code] : undefined;
}

/** Lambda alone says `Type`, and not of its unmodelled errors; which casing of `message` is the model's business. */
function jsonMembers({ service, error }: ErrorReply, structure: StructureModel | undefined): Record<string, unknown> {
  const members = structure?.members ?? {};
  const type = service === 'lambda' && 'Type' in members ? { Type: error.status >= 500 ? 'Service' : 'User' } : {};
  const told = Object.entries(error.members).filter(([name]) => members[name]?.in === undefined);
  return { ...type, [messageName(members)]: error.message, ...Object.fromEntries(told) };
}

function messageName(members: StructureModel['members']): string {
  return 'Message' in members ? 'Message' : 'message';
}

function boundHeaders(error: AwsError, structure: StructureModel | undefined): string[] {
  const headers: string[] = [];
  for (const [name, value] of Object.entries(error.members)) {
    const member = structure?.members[name];
    if (member?.in === 'header' && member.at !== undefined) headers.push(member.at, String(value));
  }
  return headers;
}

/** Services that once spoke the query protocol tell its code to the clients that moved on to JSON. */
function queryCompatible({ service, error }: ErrorReply, structure: StructureModel | undefined): string[] {
  const protocols = service === undefined ? undefined : services[service]?.protocols;
  if (!protocols?.includes('awsQuery')) return [];
  return ['x-amzn-query-error', `${structure?.error?.queryCode ?? error.code};${sender(error)}`];
}

function sender({ status }: AwsError): string {
  return status >= 500 ? 'Receiver' : 'Sender';
}

function queryXml({ service, error, requestId }: ErrorReply, structure: StructureModel | undefined): string {
  const known =
    service !== undefined && Object.hasOwn(services, service) ? serviceModel(service).xmlNamespace : undefined;
  const xmlns = known === undefined ? '' : ` xmlns="${escapeAttribute(known)}"`;
  const code = structure?.error?.queryCode ?? error.code;
  const inside = elements({ Type: sender(error), Code: code, Message: error.message, ...error.members });
  return `<ErrorResponse${xmlns}><Error>${inside}</Error>${elements({ RequestId: requestId })}</ErrorResponse>`;
}

function s3Xml({ error, requestId }: ErrorReply): string {
  const members = {
    Code: error.code,
    Message: error.message,
    ...error.members,
    RequestId: requestId,
    HostId: requestId,
  };
  return `${xmlDeclaration}<Error>${elements(members)}</Error>`;
}

function elements(members: Readonly<Record<string, unknown>>): string {
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${escapeText(String(value))}</${name}>`)
    .join('');
}
