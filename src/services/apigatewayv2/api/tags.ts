/** Tags of APIs and of their stages. */
import type { ApiRecord } from '../../../store/apis/api-record.ts';
import { apiOf, changeApi, replaced } from '../change.ts';
import { checkTags } from '../check-api.ts';
import { type Apigatewayv2Parts, notFound } from '../parts.ts';
import type { Apigatewayv2Operation } from './types.ts';

type Tags = Readonly<Record<string, string>>;

export function getTags(parts: Apigatewayv2Parts): Apigatewayv2Operation<'GetTags'> {
  return {
    handle({ ResourceArn }, context) {
      const { ApiId, StageName } = taggedOf(ResourceArn, context.region);
      return { Tags: tagsOf(apiOf(parts, ApiId, context), StageName) };
    },
  };
}

export function tagResource(parts: Apigatewayv2Parts): Apigatewayv2Operation<'TagResource'> {
  return {
    async handle({ ResourceArn, Tags = {} }, context) {
      await changeTags(parts, ResourceArn, context, (before) => ({ ...before, ...Tags }));
      return {};
    },
  };
}

export function untagResource(parts: Apigatewayv2Parts): Apigatewayv2Operation<'UntagResource'> {
  return {
    async handle({ ResourceArn, TagKeys = [] }, context) {
      await changeTags(parts, ResourceArn, context, (before) =>
        Object.fromEntries(Object.entries(before).filter(([key]) => !TagKeys.includes(key))),
      );
      return {};
    },
  };
}

async function changeTags(
  parts: Apigatewayv2Parts,
  arn: string | undefined,
  context: { accountId: string; region: string },
  next: (before: Tags) => Record<string, string>,
): Promise<void> {
  const { ApiId, StageName } = taggedOf(arn, context.region);
  await changeApi(parts, context, ApiId, (record) => {
    const Tags = next(tagsOf(record, StageName));
    checkTags(Tags);
    const stage = record.stages.find((each) => each.StageName === StageName);
    if (stage === undefined) return { ...record, api: { ...record.api, Tags } };
    return { ...record, stages: replaced(record.stages, stage, { ...stage, Tags }) };
  });
}

/** `arn:aws:apigateway:region::/apis/id` and `…/stages/name`. */
function taggedOf(arn = '', here: string): { ApiId: string; StageName: string | undefined } {
  const { region, api, stage } =
    /^arn:aws[a-z-]*:apigateway:(?<region>[a-z0-9-]+)::\/apis\/(?<api>\w+)(?:\/stages\/(?<stage>[\w$-]+))?$/.exec(arn)
      ?.groups ?? {};
  if (api === undefined || region !== here) throw notFound('resource', arn);
  return { ApiId: api, StageName: stage };
}

function tagsOf({ api, stages }: ApiRecord, stageName: string | undefined): Record<string, string> {
  if (stageName === undefined) return api.Tags ?? {};
  const stage = stages.find(({ StageName }) => StageName === stageName);
  if (stage === undefined) throw notFound('stage', stageName);
  return stage.Tags ?? {};
}
