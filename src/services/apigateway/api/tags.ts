import type { RestScope } from '../../../store/restapis/rest-record.ts';
import { apiOf, replaced, stageOf } from '../change.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest } from '../parts.ts';
import { keyOf, keysTurn } from './api-keys.ts';
import { planOf, plansTurn } from './usage-plans.ts';

const tagsMax = 50;

type Tags = Readonly<Record<string, string>>;
type Change = (before: Tags) => Tags;

export function getTags(parts: ApigatewayParts): ApigatewayOperation<'GetTags'> {
  return { handle: ({ resourceArn }, context) => ({ tags: { ...taggedOf(parts, context, resourceArn).tags } }) };
}

export function tagResource(parts: ApigatewayParts): ApigatewayOperation<'TagResource'> {
  return {
    async handle({ resourceArn, tags = {} }, context) {
      await taggedOf(parts, context, resourceArn).change((before) => checked({ ...before, ...tags }));
      return {};
    },
  };
}

export function untagResource(parts: ApigatewayParts): ApigatewayOperation<'UntagResource'> {
  return {
    async handle({ resourceArn, tagKeys = [] }, context) {
      await taggedOf(parts, context, resourceArn).change((before) =>
        Object.fromEntries(Object.entries(before).filter(([key]) => !tagKeys.includes(key))),
      );
      return {};
    },
  };
}

function checked(tags: Tags): Tags {
  if (Object.keys(tags).length > tagsMax) throw badRequest(`A resource has at most ${tagsMax} tags`);
  for (const key of Object.keys(tags))
    if (key.startsWith('aws:')) throw badRequest(`Invalid tag key specified: ${key}`);
  return tags;
}

interface Tagged {
  readonly tags: Tags | undefined;
  change(next: Change): Promise<void>;
}

/** What has tags: APIs, stages, keys and plans. */
function taggedOf(parts: ApigatewayParts, scope: RestScope, arn = ''): Tagged {
  const [, kind, id, , stage] =
    /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+::\/(restapis|apikeys|usageplans)\/([^/]+)(\/stages\/([^/]+))?$/.exec(arn) ??
    [];
  if (kind === undefined || id === undefined) throw badRequest(`Invalid ARN specified in the request: ${arn}`);
  if (kind === 'apikeys') return taggedKey(parts, scope, id);
  if (kind === 'usageplans') return taggedPlan(parts, scope, id);
  return stage === undefined ? taggedApi(parts, scope, id) : taggedStage(parts, scope, { id, stage });
}

function taggedApi(parts: ApigatewayParts, scope: RestScope, id: string): Tagged {
  const { rest } = parts;
  return {
    tags: apiOf(parts, scope, id).api.tags,
    change: (next) =>
      rest.take(id, () => {
        const record = apiOf(parts, scope, id);
        return rest.commit([rest.apis.put({ ...record, api: { ...record.api, tags: next(record.api.tags ?? {}) } })]);
      }),
  };
}

function taggedStage(parts: ApigatewayParts, scope: RestScope, { id, stage }: { id: string; stage: string }): Tagged {
  const { rest } = parts;
  return {
    tags: stageOf(apiOf(parts, scope, id), stage).tags,
    change: (next) =>
      rest.take(id, () => {
        const record = apiOf(parts, scope, id);
        const before = stageOf(record, stage);
        const after = { ...before, tags: next(before.tags ?? {}) };
        return rest.commit([rest.apis.put({ ...record, stages: replaced(record.stages, before, after) })]);
      }),
  };
}

function taggedKey({ rest }: ApigatewayParts, scope: RestScope, id: string): Tagged {
  return {
    tags: keyOf(rest, scope, id).key.tags,
    change: (next) =>
      rest.take(keysTurn, () => {
        const record = keyOf(rest, scope, id);
        return rest.commit([rest.keys.put({ ...record, key: { ...record.key, tags: next(record.key.tags ?? {}) } })]);
      }),
  };
}

function taggedPlan({ rest }: ApigatewayParts, scope: RestScope, id: string): Tagged {
  return {
    tags: planOf(rest, scope, id).plan.tags,
    change: (next) =>
      rest.take(plansTurn, () => {
        const record = planOf(rest, scope, id);
        return rest.commit([
          rest.plans.put({ ...record, plan: { ...record.plan, tags: next(record.plan.tags ?? {}) } }),
        ]);
      }),
  };
}
