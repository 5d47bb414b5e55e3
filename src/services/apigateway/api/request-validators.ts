import type { RestApiRecord, ValidatorDocument } from '../../../store/restapis/rest-record.ts';
import { apiOf, changeApi, newId, replaced } from '../change.ts';
import { pageOf } from '../page.ts';
import { type ApigatewayOperation, type ApigatewayParts, conflict, notFound } from '../parts.ts';
import { type Fields, patched } from '../patch.ts';

const fields: Fields = { '/name': 'text', '/validateRequestBody': 'boolean', '/validateRequestParameters': 'boolean' };

export function createRequestValidator(parts: ApigatewayParts): ApigatewayOperation<'CreateRequestValidator'> {
  return {
    async handle({ restApiId, name, validateRequestBody = false, validateRequestParameters = false }, context) {
      const validator = { id: newId(parts), name, validateRequestBody, validateRequestParameters };
      await changeApi(parts, context, restApiId, (record) => {
        return { ...record, validators: [...record.validators, validator] };
      });
      return validator;
    },
  };
}

export function getRequestValidator(parts: ApigatewayParts): ApigatewayOperation<'GetRequestValidator'> {
  return {
    handle: ({ restApiId, requestValidatorId }, context) =>
      validatorOf(apiOf(parts, context, restApiId), requestValidatorId),
  };
}

export function getRequestValidators(parts: ApigatewayParts): ApigatewayOperation<'GetRequestValidators'> {
  return { handle: (input, context) => pageOf(apiOf(parts, context, input.restApiId).validators, input) };
}

export function updateRequestValidator(parts: ApigatewayParts): ApigatewayOperation<'UpdateRequestValidator'> {
  return {
    async handle({ restApiId, requestValidatorId, patchOperations }, context) {
      const after = await changeApi(parts, context, restApiId, (record) => {
        const before = validatorOf(record, requestValidatorId);
        return { ...record, validators: replaced(record.validators, before, patched(before, patchOperations, fields)) };
      });
      return validatorOf(after, requestValidatorId);
    },
  };
}

export function deleteRequestValidator(parts: ApigatewayParts): ApigatewayOperation<'DeleteRequestValidator'> {
  return {
    async handle({ restApiId, requestValidatorId }, context) {
      await changeApi(parts, context, restApiId, (record) => {
        const validator = validatorOf(record, requestValidatorId);
        const methods = record.resources.flatMap(({ resourceMethods }) => Object.values(resourceMethods));
        if (methods.some((each) => each.requestValidatorId === requestValidatorId)) {
          throw conflict(`Cannot delete request validator '${requestValidatorId}', is referenced in a method`);
        }
        return { ...record, validators: record.validators.filter((each) => each !== validator) };
      });
      return {};
    },
  };
}

function validatorOf({ validators }: RestApiRecord, id: string | undefined): ValidatorDocument {
  const validator = validators.find((each) => each.id === id);
  if (validator === undefined) throw notFound('Request Validator identifier');
  return validator;
}
