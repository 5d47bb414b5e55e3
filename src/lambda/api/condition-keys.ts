/** What conditions of policies may ask of a request to Lambda. */
import type { Asked, ConditionKeys } from '../../iam/rules.ts';
import { functionArn } from '../model/function.ts';
import { type Mapping, mappingKey } from '../model/mapping/mapping.ts';
import { meantFunction } from '../model/names.ts';
import type { Tags } from '../model/tags.ts';
import type { LambdaParts } from './parts.ts';

type Stores = Pick<LambdaParts, 'functions' | 'resources'>;

export function conditionKeys(stores: Stores, asked: Asked): ConditionKeys {
  const mapping = mappingAsked(stores, asked);
  const tags = mapping?.tags ?? functionTags(stores, asked);
  return [...inputKeys(asked, mapping), ...givenTags(asked.input), ...tagKeys('aws:resourcetag', tags)];
}

function mappingAsked({ resources }: Stores, { input, ...place }: Asked): Mapping | undefined {
  const { UUID, Resource } = input;
  const [, ofArn] = /:event-source-mapping:([^:]+)$/.exec(typeof Resource === 'string' ? Resource : '') ?? [];
  const uuid = typeof UUID === 'string' ? UUID : ofArn;
  return uuid === undefined ? undefined : resources.get('mapping', mappingKey(place, uuid.toLowerCase()));
}

function functionTags({ functions }: Stores, asked: Asked): Tags {
  const named = asked.input.FunctionName ?? asked.input.Resource;
  const target = typeof named === 'string' ? meantFunction(named, asked) : undefined;
  return (target && functions.get(target.key)?.tags) ?? {};
}

function inputKeys(asked: Asked, mapping: Mapping | undefined): [string, string | string[]][] {
  const { Layers, Principal, FunctionUrlAuthType, AuthType, CodeSigningConfigArn, Role } = asked.input;
  const keys: Record<string, unknown> = {
    'lambda:functionarn': asked.operation.includes('EventSourceMapping') ? mappedFunction(asked, mapping) : undefined,
    'lambda:layer': Layers,
    'lambda:principal': Principal,
    'lambda:functionurlauthtype': FunctionUrlAuthType ?? AuthType,
    'lambda:codesigningconfigarn': CodeSigningConfigArn,
    'iam:passedtoservice': Role === undefined ? undefined : 'lambda.amazonaws.com',
  };
  const present: [string, string | string[]][] = [];
  for (const [key, value] of Object.entries(keys)) {
    if (typeof value === 'string') present.push([key, value]);
    else if (Array.isArray(value)) present.push([key, value.map(String)]);
  }
  return present;
}

/** The function that a mapping is to be for, or is for. */
function mappedFunction(asked: Asked, mapping: Mapping | undefined): string | undefined {
  const { FunctionName } = asked.input;
  const named = typeof FunctionName === 'string' ? meantFunction(FunctionName, asked) : undefined;
  if (named !== undefined) return functionArn(named.key, named.qualifier);
  return mapping && functionArn({ ...mapping, name: mapping.functionName }, mapping.qualifier);
}

function givenTags({ Tags: tags, TagKeys }: Asked['input']): [string, string | string[]][] {
  const given: Tags = typeof tags === 'object' && tags !== null ? { ...tags } : {};
  const names = Array.isArray(TagKeys) ? TagKeys.map(String) : Object.keys(given);
  return [
    ...tagKeys('aws:requesttag', given),
    ...(names.length > 0 ? [['aws:tagkeys', names] as [string, string[]]] : []),
  ];
}

function tagKeys(prefix: string, tags: Tags): [string, string][] {
  return Object.entries(tags).map(([name, value]) => [`${prefix}/${name.toLowerCase()}`, String(value)]);
}
