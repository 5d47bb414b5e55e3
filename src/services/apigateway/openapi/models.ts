/** Schemas of a document as models. */
import type { Random } from '../../../base/random.ts';
import { shortId } from '../../../base/short-id.ts';
import type { ModelDocument } from '../../../store/restapis/rest-record.ts';
import { type Fields, fieldsOf, textOf } from './read.ts';

/** Names that models cannot have lose what is no letter and no digit. */
export function modelName(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '');
}

export function namedModels(document: Fields, apiId: string, random: Random): ModelDocument[] {
  const schemas = { ...fieldsOf(document.definitions), ...fieldsOf(fieldsOf(document.components).schemas) };
  return Object.entries(schemas).map(([name, schema]) => {
    const description = textOf(fieldsOf(schema).description);
    return newModel({ name: modelName(name), schema, apiId, random, description });
  });
}

interface NewModel {
  readonly name: string;
  readonly schema: unknown;
  readonly apiId: string;
  readonly random: Random;
  readonly contentType?: string;
  readonly description?: string | undefined;
}

export function newModel({
  name,
  schema,
  apiId,
  random,
  contentType = 'application/json',
  description,
}: NewModel): ModelDocument {
  const text = JSON.stringify(withModelLinks(schema, apiId), undefined, 2);
  return {
    id: shortId(random, 6),
    name,
    contentType,
    schema: text,
    ...(description === undefined ? {} : { description }),
  };
}

const local = /^#\/(?:definitions|components\/schemas)\/(.+)$/;

/** The name of the model that a schema only refers to. */
export function referredModel(schema: unknown): string | undefined {
  const { $ref } = fieldsOf(schema);
  const name = typeof $ref === 'string' ? local.exec($ref)?.[1] : undefined;
  return name === undefined ? undefined : modelName(name);
}

/** References within a document become those between models. */
function withModelLinks(value: unknown, apiId: string): unknown {
  if (Array.isArray(value)) return value.map((each) => withModelLinks(each, apiId));
  if (typeof value !== 'object' || value === null) return value;
  const name = referredModel(value);
  if (name !== undefined) return { $ref: `https://apigateway.amazonaws.com/restapis/${apiId}/models/${name}` };
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withModelLinks(each, apiId)]));
}
