import type { MethodDocument, RestApiRecord } from '../../store/restapis/rest-record.ts';
import { checkDeclared } from './check-mapping.ts';
import { badRequest, notFound } from './parts.ts';

const kinds = new Set(['NONE', 'AWS_IAM', 'CUSTOM', 'COGNITO_USER_POOLS']);

/** Whether a method may be among those of its API. */
export function checkMethod(record: RestApiRecord, method: MethodDocument): void {
  const { authorizationType = '', requestValidatorId, requestModels } = method;
  if (!kinds.has(authorizationType)) {
    throw badRequest(`Invalid authorization type specified. Valid options: ${[...kinds].join(', ')}`);
  }
  checkAuthorizer(record, method);
  checkDeclared(method.requestParameters);
  if (requestValidatorId && !record.validators.some(({ id }) => id === requestValidatorId)) {
    throw notFound('Request Validator identifier');
  }
  checkModels(record, requestModels);
}

function checkAuthorizer({ authorizers }: RestApiRecord, { authorizationType, authorizerId }: MethodDocument): void {
  if (authorizationType !== 'CUSTOM' && authorizationType !== 'COGNITO_USER_POOLS') return;
  const authorizer = authorizers.find(({ id }) => id === authorizerId);
  const cognito = authorizer?.type === 'COGNITO_USER_POOLS';
  if (authorizer === undefined || cognito !== (authorizationType === 'COGNITO_USER_POOLS')) {
    throw badRequest(
      'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
    );
  }
}

export function checkModels({ models }: RestApiRecord, named: Readonly<Record<string, string>> | undefined): void {
  for (const name of Object.values(named ?? {})) {
    if (!models.some((model) => model.name === name)) throw badRequest(`Invalid model identifier specified: ${name}`);
  }
}
