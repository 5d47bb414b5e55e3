/** HTTP APIs from OpenAPI documents: a new one, or the same one described anew. */
import type { ApiRecord } from '../../../store/apis/api-record.ts';
import { autoDeployed, changeApi, marked } from '../change.ts';
import { newApi } from '../defaults.ts';
import { described } from '../openapi/build.ts';
import { parseDocument } from '../openapi/document.ts';
import { type DescribedApi, readDescription } from '../openapi/read.ts';
import { type Apigatewayv2Parts, badRequest } from '../parts.ts';
import { renderApi } from '../render.ts';
import { checkApi, emptyApi } from './apis.ts';
import type { Apigatewayv2Operation } from './types.ts';

export function importApi(parts: Apigatewayv2Parts): Apigatewayv2Operation<'ImportApi'> {
  return {
    requestBytesMax,
    async handle(input, context) {
      const description = descriptionOf(input);
      const Name = description.name ?? '';
      const fresh = emptyApi(parts, context, newApi({ Name, ProtocolType: 'HTTP' }, parts.clock.now()));
      const record = described(renamed(fresh, description), description, parts.random);
      checkApi(record);
      const kept = await parts.apis.change(record.id, () => autoDeployed(undefined, marked(record, context), parts));
      return { ...renderApi(kept, context), Warnings: [...description.warnings] };
    },
  };
}

export function reimportApi(parts: Apigatewayv2Parts): Apigatewayv2Operation<'ReimportApi'> {
  return {
    requestBytesMax,
    async handle({ ApiId, ...input }, context) {
      const description = descriptionOf(input);
      const after = await changeApi(parts, context, ApiId, (before) => {
        if (before.api.ProtocolType !== 'HTTP') throw badRequest('Only HTTP APIs can be imported');
        const record = described(renamed(before, description), description, parts.random);
        checkApi(record);
        return record;
      });
      return { ...renderApi(after, context), Warnings: [...description.warnings] };
    },
  };
}

/** A document of 6 MB, with room for its being a JSON text. */
const requestBytesMax = 13 * 1024 * 1024;

interface ImportInput {
  readonly Body?: string | undefined;
  readonly Basepath?: string | undefined;
  readonly FailOnWarnings?: boolean | undefined;
}

function descriptionOf({ Body, Basepath, FailOnWarnings }: ImportInput): DescribedApi {
  const description = readDescription(parseDocument(Body), Basepath);
  const { warnings } = description;
  if (FailOnWarnings && warnings.length > 0) throw badRequest(`Warnings found during import: ${warnings.join('; ')}`);
  return description;
}

function renamed(record: ApiRecord, { name, version, description, cors, tags }: DescribedApi): ApiRecord {
  const { CorsConfiguration: _, ...api } = record.api;
  return {
    ...record,
    api: {
      ...api,
      Name: name ?? api.Name,
      Version: version,
      Description: description,
      Tags: { ...api.Tags, ...tags },
      ...(cors === undefined ? {} : { CorsConfiguration: cors }),
    },
  };
}
