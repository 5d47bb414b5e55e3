/** Every API of API Gateway version 2, under its host name and its path. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Incoming } from '../body.ts';
import { messageAnswer, sendAnswer } from '../http/answer.ts';
import { callBody, callHead } from '../http/http-call.ts';
import type { Outgoing } from '../respond.ts';
import type { Site } from '../site.ts';
import { asksForWebSocket } from '../websocket/handshake.ts';
import { answerHttpApi } from './http-api.ts';
import { failure, manageConnection, managedConnection, postedBytesMax } from './websocket/management.ts';
import { openWebSocket, type WebSocketApiParts } from './websocket/websocket-api.ts';
import { type ApiAddress, apiOfHost, apiPaths, askedAddress, hostOf } from './where.ts';

export function createApiSite(parts: WebSocketApiParts): Site {
  return {
    owns: (headers, url) =>
      url.startsWith(apiPaths) || apiOfHost(hostOf(headers)) !== undefined || isManagement(headers, url),
    handle: (request, response) => handle(parts, request, response),
    upgrades: asksForWebSocket,
    upgrade(request, socket, head) {
      const address = addressOf(request) ?? { apiId: '', path: '/', stageName: undefined };
      const record = recordOf(parts, address);
      const isWebSocket = record?.api.ProtocolType === 'WEBSOCKET';
      const upgrade = { request, socket, head, address, record: isWebSocket ? record : undefined };
      settled(parts, openWebSocket(parts, upgrade), socket);
    },
    close() {
      for (const { socket } of parts.connections.all()) socket.close(1001, 'Going away');
    },
  };
}

/** What a function's SDK asks of the AWS endpoint that it is given, since the API's host name means another inside. */
function isManagement({ authorization }: IncomingHttpHeaders, url: string): boolean {
  return url.includes('/@connections/') && authorization?.includes('/execute-api/aws4_request') === true;
}

function handle(parts: WebSocketApiParts, request: Incoming, response: Outgoing): void {
  const address = addressOf(request);
  const record = address && recordOf(parts, address);
  if (address !== undefined && record?.api.ProtocolType === 'HTTP') {
    return settled(parts, answerHttpApi(parts, { record, address, request }, response), response);
  }
  const managed = managedConnection(address?.path ?? pathOf(request));
  if (managed !== undefined) return settled(parts, manage(parts, managed, request, response), response);
  const answer = record === undefined ? messageAnswer(404, 'Not Found') : messageAnswer(403, 'Forbidden');
  sendAnswer(response, request, answer);
}

/** What fails where nothing should ends its own connection, and no other. */
function settled({ log }: WebSocketApiParts, work: Promise<void>, connection: { destroy(): unknown }): void {
  work.catch((error) => {
    log.error('A request to an API failed inside the server', {
      why: error instanceof Error ? error.stack : String(error),
    });
    connection.destroy();
  });
}

async function manage(parts: WebSocketApiParts, id: string, request: Incoming, response: Outgoing): Promise<void> {
  const body = await callBody(request, postedBytesMax);
  const tooLarge = () => failure(413, 'PayloadTooLargeException', 'Message too long');
  const call = callHead(request);
  sendAnswer(response, request, body === 'too-large' ? tooLarge() : manageConnection(parts, id, { ...call, body }));
}

function addressOf(request: Incoming): ApiAddress | undefined {
  return askedAddress(request.headers, request.url ?? '/');
}

/** None whose address was taken away. */
function recordOf({ apis }: WebSocketApiParts, { apiId }: ApiAddress) {
  const record = apis.get(apiId);
  return record?.api.DisableExecuteApiEndpoint === true ? undefined : record;
}

function pathOf({ url = '/' }: Incoming | IncomingMessage): string {
  return url.replace(/\?.*$/s, '');
}
