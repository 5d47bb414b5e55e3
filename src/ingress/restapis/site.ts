/** Every REST API, under its host name and its path; APIs of version 2 have names of the same form. */
import { apiAddress, apiOfHost, apiPaths } from '../apis/where.ts';
import type { Incoming } from '../body.ts';
import { sendAnswer } from '../http/answer.ts';
import type { Site } from '../site.ts';
import { answerRestApi, noStage, type RestApiParts } from './rest-api.ts';

export function createRestSite(parts: RestApiParts): Site {
  const { apis } = parts.rest;
  return {
    owns(host, path) {
      if (!path.startsWith(apiPaths) && apiOfHost(host) === undefined) return false;
      return apis.get(apiAddress(host, path.replace(/\?.*$/s, ''))?.apiId ?? '') !== undefined;
    },
    handle(request, response) {
      const path = (request.url ?? '/').replace(/\?.*$/s, '');
      const address = apiAddress(request.headers[':authority']?.toString() ?? request.headers.host, path);
      const record = address && apis.get(address.apiId);
      if (address === undefined || record === undefined || record.api.disableExecuteApiEndpoint === true) {
        return sendAnswer(response, request, noStage(parts));
      }
      if (isAskingFirst(request) && 'writeContinue' in response) response.writeContinue();
      void answerRestApi(parts, { record, address, request }, response);
    },
  };
}

/** Some clients ask whether their body is wanted before they send it. */
function isAskingFirst({ headers, httpVersionMajor }: Incoming): boolean {
  return headers.expect !== undefined && httpVersionMajor < 2;
}
