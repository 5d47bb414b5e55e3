/** Every REST API, under its host name and its path; APIs of version 2 have names of the same form. */
import { apiOfHost, apiPaths, askedAddress, hostOf } from '../apis/where.ts';
import { sendAnswer } from '../http/answer.ts';
import type { Site } from '../site.ts';
import { answerRestApi, noStage, type RestApiParts } from './rest-api.ts';

export function createRestSite(parts: RestApiParts): Site {
  const { apis } = parts.rest;
  return {
    owns(headers, url) {
      // Asked of every request to this server, nearly none of which is for an API.
      if (!url.startsWith(apiPaths) && apiOfHost(hostOf(headers)) === undefined) return false;
      return apis.get(askedAddress(headers, url)?.apiId ?? '') !== undefined;
    },
    handle(request, response) {
      const address = askedAddress(request.headers, request.url ?? '/');
      const record = address && apis.get(address.apiId);
      if (address === undefined || record === undefined || record.api.disableExecuteApiEndpoint === true) {
        return sendAnswer(response, request, noStage(parts));
      }
      void answerRestApi(parts, { record, address, request }, response);
    },
  };
}
