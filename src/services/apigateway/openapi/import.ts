/** A document over an API: what it says replaces what was there, or is merged into it. */
import type { Random } from '../../../base/random.ts';
import { shortId } from '../../../base/short-id.ts';
import type {
  ApiSettings,
  ModelDocument,
  ResourceDocument,
  RestApiRecord,
  ValidatorDocument,
} from '../../../store/restapis/rest-record.ts';
import { withResponse } from '../api/gateway-responses.ts';
import { said } from '../change.ts';
import { checkPathPart, checkPlace, pathUnder } from '../check-resource.ts';
import { firstModels } from '../defaults.ts';
import { isResponseType } from '../gateway-responses.ts';
import { importedMethod, unnamedModel } from './method.ts';
import { namedModels, newModel } from './models.ts';
import { type Fields, fieldsOf, invalid, listOf, numberOf, resolved, textOf, textsOf } from './read.ts';
import { importedAuthorizers, securityOf } from './security.ts';

export interface ImportOptions {
  readonly mode: 'merge' | 'overwrite';
  /** What becomes of a base path: `ignore`, `prepend`, `split`. */
  readonly basepath: string | undefined;
  readonly random: Random;
}

/** Not checked yet: what was imported is looked at as if it had been made piece by piece. */
export function imported(before: RestApiRecord, document: Fields, options: ImportOptions): RestApiRecord {
  const base = options.mode === 'overwrite' ? emptied(before, options.random) : before;
  const { random } = options;
  const named = {
    ...base,
    api: settingsOf(base.api, document, options.mode),
    validators: merged(base.validators, validatorsOf(document, random)),
    authorizers: merged(base.authorizers, importedAuthorizers(document, random)),
    models: merged(base.models, namedModels(document, base.id, random)),
  };
  return withGatewayResponses(withPaths(named, document, options), document);
}

function emptied(record: RestApiRecord, random: Random): RestApiRecord {
  const [root] = record.resources;
  const resources = root === undefined ? [] : [{ ...root, resourceMethods: {} }];
  return { ...record, resources, models: firstModels(random), validators: [], authorizers: [], gatewayResponses: [] };
}

/** What has the name of one that was there takes its place, and its id. */
function merged<T extends { readonly id?: string | undefined; readonly name?: string | undefined }>(
  before: readonly T[],
  fresh: readonly T[],
): T[] {
  const names = new Set(fresh.map(({ name }) => name));
  const kept = before.filter(({ name }) => !names.has(name));
  const known = new Map(before.map(({ name, id }) => [name, id]));
  return [...kept, ...fresh.map((each) => ({ ...each, id: known.get(each.name) ?? each.id }))];
}

function settingsOf(before: ApiSettings, document: Fields, mode: ImportOptions['mode']): ApiSettings {
  const info = fieldsOf(document.info);
  const policy = document['x-amazon-apigateway-policy'];
  const types = listOf(document['x-amazon-apigateway-binary-media-types']).map(String);
  const endpoint = fieldsOf(document['x-amazon-apigateway-endpoint-configuration']);
  return {
    ...before,
    ...said({
      name: mode === 'overwrite' || before.name === undefined ? textOf(info.title) : undefined,
      description: textOf(info.description),
      version: textOf(info.version),
      policy: policy === undefined ? undefined : JSON.stringify(policy),
      binaryMediaTypes: types.length === 0 ? undefined : types,
      minimumCompressionSize: numberOf(document['x-amazon-apigateway-minimum-compression-size']),
      apiKeySource: textOf(document['x-amazon-apigateway-api-key-source']) as ApiSettings['apiKeySource'], // checked with the API
      disableExecuteApiEndpoint:
        endpoint.disableExecuteApiEndpoint === undefined ? undefined : endpoint.disableExecuteApiEndpoint === true,
    }),
  };
}

function validatorsOf(document: Fields, random: Random): ValidatorDocument[] {
  return Object.entries(fieldsOf(document['x-amazon-apigateway-request-validators'])).map(([name, value]) => {
    const { validateRequestBody, validateRequestParameters } = fieldsOf(value);
    return {
      id: shortId(random, 6),
      name,
      validateRequestBody: validateRequestBody === true,
      validateRequestParameters: validateRequestParameters === true,
    };
  });
}

function withGatewayResponses(record: RestApiRecord, document: Fields): RestApiRecord {
  const said = Object.entries(fieldsOf(document['x-amazon-apigateway-gateway-responses']));
  return said.reduce((before, [type, value]) => {
    if (!isResponseType(type)) throw invalid(`the gateway response type ${type} is not known`);
    const { statusCode, responseParameters, responseTemplates } = fieldsOf(value);
    const response = {
      statusCode: textOf(statusCode),
      responseParameters: textsOf(responseParameters),
      responseTemplates: textsOf(responseTemplates),
    };
    return withResponse(before, response, type);
  }, record);
}

function withPaths(record: RestApiRecord, document: Fields, { basepath, random }: ImportOptions): RestApiRecord {
  const prefix = prefixOf(document, basepath);
  const resources = [...record.resources];
  const models: ModelDocument[] = [...record.models];
  const keep = (schema: unknown, contentType: string) => {
    const name = unnamedModel(models);
    models.push(newModel({ name, schema, apiId: record.id, random, contentType }));
    return name;
  };
  for (const [path, value] of Object.entries(fieldsOf(document.paths))) {
    const item = resolved(document, value);
    const at = resourceAt(resources, `${prefix}${path}`, random);
    const resource = resources[at];
    if (resource === undefined) continue;
    const methods = operationsOf(item).map(([httpMethod, operation]) => {
      const source = { document, operation, httpMethod, resourceId: resource.id, validators: record.validators, keep };
      const method = importedMethod({ ...source, pathParameters: listOf(item.parameters) });
      return [httpMethod, { ...method, ...securityOf(document, operation, record.authorizers) }] as const;
    });
    resources[at] = { ...resource, resourceMethods: { ...resource.resourceMethods, ...Object.fromEntries(methods) } };
  }
  return { ...record, resources, models };
}

const verbs = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch']);

function operationsOf(item: Fields): [string, Fields][] {
  return Object.entries(item).flatMap(([name, value]): [string, Fields][] => {
    if (name === 'x-amazon-apigateway-any-method') return [['ANY', fieldsOf(value)]];
    return verbs.has(name.toLowerCase()) ? [[name.toUpperCase(), fieldsOf(value)]] : [];
  });
}

const pathLengthMax = 2000;

/** The place of a path's resource in the list, made with all that is above it where it is not there. */
function resourceAt(resources: ResourceDocument[], path: string, random: Random): number {
  const found = resources.findIndex((each) => each.path === (path === '' ? '/' : path));
  if (found >= 0) return found;
  if (path.length > pathLengthMax) throw invalid('a path is too long');
  const trimmed = path.replace(/\/+$/, '');
  const cut = trimmed.lastIndexOf('/');
  if (cut < 0) throw invalid(`Invalid path: ${path}`);
  if (trimmed !== path) return resourceAt(resources, trimmed, random);
  const parent = resources[resourceAt(resources, path.slice(0, cut), random)];
  if (parent === undefined) throw invalid(`Invalid path: ${path}`);
  const pathPart = path.slice(cut + 1);
  checkPathPart(pathPart);
  checkPlace(resources, parent, pathPart);
  const resource = {
    id: shortId(random, 6),
    parentId: parent.id,
    pathPart,
    path: pathUnder(parent, pathPart),
    resourceMethods: {},
  };
  resources.push(resource);
  return resources.length - 1;
}

function prefixOf(document: Fields, basepath: string | undefined): string {
  if (basepath !== 'prepend' && basepath !== 'split') return '';
  const parts = basePathOf(document)
    .split('/')
    .filter((part) => part !== '');
  // Split: the first part is for a domain's mapping, and the rest is of the API.
  return (basepath === 'split' ? parts.slice(1) : parts).map((part) => `/${part}`).join('');
}

function basePathOf(document: Fields): string {
  if (document.swagger !== undefined) return textOf(document.basePath) ?? '';
  const server = fieldsOf(listOf(document.servers)[0]);
  const said = textOf(fieldsOf(fieldsOf(server.variables).basePath).default);
  return said ?? (textOf(server.url) ?? '').replace(/^https?:\/\/[^/]*/, '').replace(/\{basePath\}/, '');
}
