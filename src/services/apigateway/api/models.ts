import type { ModelDocument, RestApiRecord } from '../../../store/restapis/rest-record.ts';
import { apiOf, changeApi, newId, replaced, said } from '../change.ts';
import { checkSchema } from '../check-api.ts';
import { pageOf } from '../page.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest, conflict, notFound } from '../parts.ts';
import { type Fields, patched } from '../patch.ts';

const fields: Fields = { '/description': 'text', '/schema': 'text' };

export function createModel(parts: ApigatewayParts): ApigatewayOperation<'CreateModel'> {
  return {
    async handle({ restApiId, ...input }, context) {
      const model = { id: newId(parts), ...said(input) };
      await changeApi(parts, context, restApiId, (record) => {
        if (!/^[A-Za-z0-9]+$/.test(model.name ?? '')) throw badRequest('Model name must be alphanumeric: [A-Za-z0-9]+');
        if (record.models.some(({ name }) => name === model.name)) {
          throw conflict('Model name already exists for this REST API');
        }
        checkSchema(model);
        return { ...record, models: [...record.models, model] };
      });
      return model;
    },
  };
}

export function getModel(parts: ApigatewayParts): ApigatewayOperation<'GetModel'> {
  return { handle: ({ restApiId, modelName }, context) => modelOf(apiOf(parts, context, restApiId), modelName) };
}

export function getModels(parts: ApigatewayParts): ApigatewayOperation<'GetModels'> {
  return { handle: (input, context) => pageOf(apiOf(parts, context, input.restApiId).models, input) };
}

export function updateModel(parts: ApigatewayParts): ApigatewayOperation<'UpdateModel'> {
  return {
    async handle({ restApiId, modelName, patchOperations }, context) {
      const after = await changeApi(parts, context, restApiId, (record) => {
        const before = modelOf(record, modelName);
        const model = patched(before, patchOperations, fields);
        checkSchema(model);
        return { ...record, models: replaced(record.models, before, model) };
      });
      return modelOf(after, modelName);
    },
  };
}

export function deleteModel(parts: ApigatewayParts): ApigatewayOperation<'DeleteModel'> {
  return {
    async handle({ restApiId, modelName = '' }, context) {
      await changeApi(parts, context, restApiId, (record) => {
        const model = modelOf(record, modelName);
        const user = userOf(record, modelName);
        if (user !== undefined)
          throw conflict(`Cannot delete model '${modelName}', is referenced in method request: ${user}`);
        return { ...record, models: record.models.filter((each) => each !== model) };
      });
      return {};
    },
  };
}

function userOf({ resources }: RestApiRecord, name: string): string | undefined {
  for (const { path, resourceMethods } of resources) {
    for (const [method, { requestModels = {}, methodResponses = {} }] of Object.entries(resourceMethods)) {
      const used = [requestModels, ...Object.values(methodResponses).map(({ responseModels = {} }) => responseModels)];
      if (used.some((each) => Object.values(each).includes(name))) return `${path}/${method}`;
    }
  }
  return undefined;
}

function modelOf({ models }: RestApiRecord, name: string | undefined): ModelDocument {
  const model = models.find((each) => each.name === name);
  if (model === undefined) throw notFound('Model Name');
  return model;
}
