/** What a method wants of its requests: parameters that must be there, a body that fits a model. */
import type { ApiContent, ModelDocument } from '../../store/restapis/rest-record.ts';
import { headerOf } from '../http/http-call.ts';
import { contextOf } from './context.ts';
import type { Exchange } from './exchange.ts';
import { requestValue } from './expression.ts';
import { badBody, badParameters } from './failure.ts';
import { schemaProblem } from './json-schema.ts';
import { plainType } from './media-types.ts';

/** Throws the failure that a client is told of. */
export function validateRequest(exchange: Exchange): void {
  const { method, content } = exchange;
  const validator = content.validators.find(({ id }) => id === method.requestValidatorId);
  if (validator?.validateRequestParameters) checkParameters(exchange);
  if (validator?.validateRequestBody) checkBody(exchange);
}

function checkParameters(exchange: Exchange): void {
  const named = { at: exchange, context: contextOf(exchange) };
  const missing = Object.entries(exchange.method.requestParameters ?? {})
    .filter(([name, required]) => required && (requestValue(named, name) ?? '') === '')
    .map(([name]) => name.split('.').slice(3).join('.'));
  if (missing.length > 0) throw badParameters(missing);
}

function checkBody({ call, method, content, notes }: Exchange): void {
  const { requestModels = {} } = method;
  const type = plainType(headerOf(call, 'content-type')) || 'application/json';
  const name = Object.entries(requestModels).find(([each]) => plainType(each) === type)?.[1] ?? requestModels.$default;
  const model = content.models.find((each) => each.name === name);
  if (model === undefined) return;
  const problem = bodyProblem(content, model, call.body);
  if (problem === undefined) return;
  notes.validationError = `[${problem}]`;
  throw badBody();
}

function bodyProblem(content: ApiContent, model: ModelDocument, body: Buffer): string | undefined {
  const schema = schemaOf(model);
  if (schema === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    return 'the body is no JSON';
  }
  return schemaProblem(schema, value, (reference) => referred(content, schema, reference));
}

const schemas = new WeakMap<ModelDocument, unknown>();

function schemaOf(model: ModelDocument): unknown {
  if (!schemas.has(model)) schemas.set(model, parsed(model.schema));
  return schemas.get(model);
}

/** Of a model that is not described in JSON nothing is known. */
function parsed(schema: string | undefined): unknown {
  try {
    return JSON.parse(schema ?? '');
  } catch {
    return undefined;
  }
}

/** Another model by its link, or a part of this one. */
function referred({ models }: ApiContent, schema: unknown, reference: string): unknown {
  const name = /^https?:\/\/[^/]+\/restapis\/[^/]+\/models\/(\w+)$/.exec(reference)?.[1];
  if (name !== undefined) {
    const model = models.find((each) => each.name === name);
    return model && schemaOf(model);
  }
  if (!reference.startsWith('#')) return undefined;
  let found: unknown = schema;
  for (const part of reference.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[key]; // it has this member
  }
  return found;
}
