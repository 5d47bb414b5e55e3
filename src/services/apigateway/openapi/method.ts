/** One operation of a document as a method. */
import type { MethodResponse } from '@aws-sdk/client-api-gateway';
import type { MethodDocument, ModelDocument, ValidatorDocument } from '../../../store/restapis/rest-record.ts';
import { said } from '../change.ts';
import { importedIntegration } from './integration.ts';
import { modelName, referredModel } from './models.ts';
import { type Fields, fieldsOf, listOf, resolved, textOf } from './read.ts';

export interface MethodSource {
  readonly document: Fields;
  readonly operation: Fields;
  /** Of the path, for all of its operations. */
  readonly pathParameters: readonly unknown[];
  readonly httpMethod: string;
  readonly resourceId: string;
  readonly validators: readonly ValidatorDocument[];
  /** Keeps a schema that has no name, and gives it one. */
  keep(schema: unknown, contentType: string): string;
}

export type ImportedMethod = Omit<MethodDocument, 'authorizationType' | 'authorizerId'>;

export function importedMethod(source: MethodSource): ImportedMethod {
  const { document, operation, httpMethod, resourceId } = source;
  const parameters = [...source.pathParameters, ...listOf(operation.parameters)].map((each) =>
    resolved(document, each),
  );
  const requestParameters = declared(parameters);
  const requestModels = modelsOf(source, parameters);
  const methodResponses = responsesOf(source);
  return said({
    httpMethod,
    operationName: textOf(operation.operationId),
    requestValidatorId: validatorOf(source),
    requestParameters: nonEmpty(requestParameters),
    requestModels: nonEmpty(requestModels),
    methodResponses: nonEmpty(methodResponses),
    methodIntegration: importedIntegration(operation['x-amazon-apigateway-integration'], resourceId),
  });
}

const places: Readonly<Record<string, string>> = { path: 'path', query: 'querystring', header: 'header' };

function declared(parameters: readonly Fields[]): Record<string, boolean> {
  return Object.fromEntries(
    parameters.flatMap(({ in: where, name, required }) => {
      const place = Object.hasOwn(places, String(where)) ? places[String(where)] : undefined;
      return place === undefined ? [] : [[`method.request.${place}.${textOf(name)}`, required === true]];
    }),
  );
}

function modelsOf(source: MethodSource, parameters: readonly Fields[]): Record<string, string> {
  const { document, operation } = source;
  const body = parameters.find((each) => each.in === 'body');
  if (body !== undefined) {
    const types = listOf(operation.consumes ?? document.consumes).map(String);
    return Object.fromEntries(
      (types.length === 0 ? ['application/json'] : types).map((type) => [type, named(source, body.schema, type)]),
    );
  }
  return contentModels(source, resolved(document, operation.requestBody).content);
}

function contentModels(source: MethodSource, content: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fieldsOf(content)).flatMap(([type, media]) => {
      const { schema } = fieldsOf(media);
      return schema === undefined ? [] : [[type, named(source, schema, type)]];
    }),
  );
}

function named({ keep }: MethodSource, schema: unknown, contentType: string): string {
  return referredModel(schema) ?? keep(schema, contentType);
}

function responsesOf(source: MethodSource): Record<string, MethodResponse> {
  const { document, operation } = source;
  const types = listOf(operation.produces ?? document.produces).map(String);
  return Object.fromEntries(
    Object.entries(fieldsOf(operation.responses))
      .filter(([status]) => /^[1-5]\d\d$/.test(status))
      .map(([statusCode, value]) => {
        const response = resolved(document, value);
        const headers = Object.keys(fieldsOf(response.headers)).map((name) => [
          `method.response.header.${name}`,
          false,
        ]);
        const schema = response.schema;
        const models =
          schema === undefined
            ? contentModels(source, response.content)
            : Object.fromEntries(
                (types.length === 0 ? ['application/json'] : types).map((type) => [type, named(source, schema, type)]),
              );
        const responseParameters: Record<string, boolean> = Object.fromEntries(headers);
        return [
          statusCode,
          said({ statusCode, responseParameters: nonEmpty(responseParameters), responseModels: nonEmpty(models) }),
        ];
      }),
  );
}

function validatorOf({ document, operation, validators }: MethodSource): string | undefined {
  const key = 'x-amazon-apigateway-request-validator';
  const name = textOf(operation[key] ?? document[key]);
  return name === undefined ? undefined : validators.find((each) => each.name === name)?.id;
}

function nonEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}

/** For a schema without a name: `MODEL` and a few characters. */
export function unnamedModel(models: readonly ModelDocument[]): string {
  return modelName(`MODEL${(models.length + 1).toString().padStart(6, '0')}`);
}
