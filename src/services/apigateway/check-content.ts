/** What was imported as a whole, looked at as if it had been made piece by piece. */
import type { RestApiRecord } from '../../store/restapis/rest-record.ts';
import { checkSchema, checkSettings } from './check-api.ts';
import { checkAuthorizer } from './check-authorizer.ts';
import { checkIntegration, declaredHeaders } from './check-integration.ts';
import { checkDeclaredHeaders, checkResponseMapping } from './check-mapping.ts';
import { checkMethod, checkModels } from './check-method.ts';
import { badRequest, tooMany } from './parts.ts';

const resourcesMax = 300;

export function checkContent(record: RestApiRecord): void {
  checkSettings(record);
  if (record.resources.length > resourcesMax) throw tooMany('resources for this API', resourcesMax);
  for (const model of record.models) checkSchema(model);
  for (const authorizer of record.authorizers) {
    checkAuthorizer({ ...record, authorizers: record.authorizers.filter((each) => each !== authorizer) }, authorizer);
  }
  for (const { path, resourceMethods } of record.resources) {
    for (const [name, method] of Object.entries(resourceMethods))
      within(`${path}/${name}`, () => checkWhole(record, method));
  }
}

function checkWhole(
  record: RestApiRecord,
  method: RestApiRecord['resources'][number]['resourceMethods'][string],
): void {
  checkMethod(record, method);
  for (const { responseParameters, responseModels } of Object.values(method.methodResponses ?? {})) {
    checkDeclaredHeaders(responseParameters);
    checkModels(record, responseModels);
  }
  const { methodIntegration: integration } = method;
  if (integration === undefined) return;
  checkIntegration(integration);
  for (const { statusCode, responseParameters } of Object.values(integration.integrationResponses ?? {})) {
    checkResponseMapping(responseParameters, declaredHeaders(method, statusCode));
  }
}

function within(place: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof Error) throw badRequest(`Unable to put method '${place}': ${error.message}`);
    throw error;
  }
}
