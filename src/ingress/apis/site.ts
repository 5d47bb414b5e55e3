/** Every API of API Gateway version 2, under its host name and its path. */
import type { Incoming } from '../body.ts';
import { messageAnswer, sendAnswer } from '../http/answer.ts';
import type { Outgoing } from '../respond.ts';
import type { Site } from '../site.ts';
import { answerHttpApi, type HttpApiParts } from './http-api.ts';
import { apiAddress, apiOfHost, apiPaths } from './where.ts';

export function createApiSite(parts: HttpApiParts): Site {
  return {
    owns: (host, path) => path.startsWith(apiPaths) || apiOfHost(host) !== undefined,
    handle(request, response) {
      const path = (request.url ?? '/').replace(/\?.*$/s, '');
      const address = apiAddress(request.headers[':authority']?.toString() ?? request.headers.host, path);
      const record = address && parts.apis.get(address.apiId);
      const closed = record?.api.DisableExecuteApiEndpoint === true || record?.api.ProtocolType !== 'HTTP';
      if (address === undefined || record === undefined || closed) {
        return sendAnswer(response, request, messageAnswer(404, 'Not Found'));
      }
      welcome(request, response);
      void answerHttpApi(parts, { record, address, request }, response);
    },
  };
}

/** Some clients ask whether their body is wanted before they send it. */
function welcome(request: Incoming, response: Outgoing): void {
  if (request.headers.expect !== undefined && request.httpVersionMajor < 2) response.writeContinue();
}
