/** `@connections`: functions write to clients, look after them and send them away. */

import { isUtf8 } from 'node:buffer';
import { type HttpAnswer, messageAnswer, statusAnswer } from '../../http/answer.ts';
import { decoded, type HttpCall } from '../../http/http-call.ts';
import { checkSigned } from '../authorizers/iam.ts';
import { stageArn } from '../exchange.ts';
import type { OpenConnection } from './connections.ts';
import type { WebSocketApiParts } from './websocket-api.ts';

const pattern = /^(?:\/[\w$-]+)?\/@connections\/([^/]+)$/;
/** Eleven bytes in base64. */
const idPattern = /^[\w-]{15}=$/;
export const postedBytesMax = 128 * 1024;

/** The connection that a path names, whatever comes before it: ids are of all APIs. */
export function managedConnection(path: string): string | undefined {
  const id = pattern.exec(path)?.[1];
  return id === undefined ? undefined : decoded(id);
}

export function manageConnection(parts: WebSocketApiParts, id: string, call: HttpCall): HttpAnswer {
  const open = parts.connections.get(id);
  if (open === undefined && !idPattern.test(id))
    return failure(400, 'BadRequestException', `Invalid connectionId: ${id}`);
  if (open === undefined) return failure(410, 'GoneException', '');
  const resource = stageArn(open.exchange, `${call.method}/@connections/${id}`);
  const { record } = open.exchange;
  const checked = checkSigned(
    parts.authorizers,
    { call, record },
    { action: 'execute-api:ManageConnections', resource },
  );
  if (checked.kind === 'refused') return failure(403, 'ForbiddenException', checked.message);
  if (call.method === 'POST') return post(open, call.body);
  if (call.method === 'GET') return shown(open);
  if (call.method !== 'DELETE') return failure(405, 'MethodNotAllowedException', 'Method Not Allowed');
  open.socket.close(1000, 'Connection Closed Normally');
  return statusAnswer(204);
}

function post({ socket }: OpenConnection, body: Buffer): HttpAnswer {
  // A browser would close the connection at a text that is none.
  const sent = socket.send(body, isUtf8(body) ? 'text' : 'binary');
  return sent ? statusAnswer(200) : failure(429, 'LimitExceededException', 'The client does not read what it is sent');
}

function shown({ exchange, socket }: OpenConnection): HttpAnswer {
  const { connection, call } = exchange;
  const userAgent = call.headers.find(([name]) => name.toLowerCase() === 'user-agent')?.[1] ?? '';
  const said = {
    connectedAt: new Date(connection?.connectedAt ?? 0).toISOString(),
    identity: { sourceIp: call.sourceIp, userAgent },
    lastActiveAt: new Date(socket.lastActiveAt).toISOString(),
  };
  return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(JSON.stringify(said)) };
}

export function failure(status: number, type: string, message: string): HttpAnswer {
  const answer = messageAnswer(status, message);
  return { ...answer, headers: [...answer.headers, ['x-amzn-ErrorType', type]] };
}
