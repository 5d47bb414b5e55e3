/** Lambda's operations as IAM actions on resources, and the policies that belong to these (reference: lambda-semantics 1.9). */
import type { Asked, ConditionKeys, Need, ServiceRules } from '../../iam/rules.ts';
import { policyTexts } from '../invoke/permission.ts';
import { functionArn } from '../model/function.ts';
import { meantFunction } from '../model/names.ts';
import { layerPolicyTexts } from './layer/find.ts';
import type { LambdaParts } from './parts.ts';

/** What may be allowed to another account by a function's policy; of the rest AWS allows nothing across accounts. */
const acrossAccounts = new Set([
  ...['Invoke', 'InvokeAsync', 'InvokeWithResponseStream', 'GetFunction', 'GetFunctionConfiguration', 'DeleteFunction'],
  ...['UpdateFunctionCode', 'UpdateFunctionConfiguration', 'PublishVersion', 'ListVersionsByFunction'],
  ...['CreateAlias', 'GetAlias', 'UpdateAlias', 'DeleteAlias', 'ListAliases', 'GetPolicy'],
  ...['PutFunctionConcurrency', 'GetFunctionConcurrency', 'DeleteFunctionConcurrency'],
  ...['PutFunctionEventInvokeConfig', 'UpdateFunctionEventInvokeConfig', 'GetFunctionEventInvokeConfig'],
  ...['DeleteFunctionEventInvokeConfig', 'ListFunctionEventInvokeConfigs', 'ListTags', 'TagResource', 'UntagResource'],
]);

/** Where the action is not named as the operation. */
const actions: Readonly<Record<string, readonly string[]>> = {
  Invoke: ['InvokeFunction'],
  InvokeWithResponseStream: ['InvokeFunction'],
  GetLayerVersionByArn: ['GetLayerVersion'],
  // The newer operations need the leave for the older ones too.
  GetResourcePolicy: ['GetResourcePolicy', 'GetPolicy'],
  PutResourcePolicy: ['PutResourcePolicy', 'AddPermission', 'RemovePermission'],
  DeleteResourcePolicy: ['DeleteResourcePolicy', 'RemovePermission'],
};

/** Their input names something, and yet they are on `*`. */
const onEverything = new Set(['CreateEventSourceMapping', 'ListEventSourceMappings', 'ListLayerVersions']);

export function lambdaRules({ functions, resources }: Pick<LambdaParts, 'functions' | 'resources'>): ServiceRules {
  return {
    owner(asked) {
      const named = asked.input.FunctionName ?? asked.input.Resource;
      // Most names are bare: the caller's own, and nothing to look for on the way of an invocation.
      if (typeof named !== 'string' || !named.includes(':') || !acrossAccounts.has(asked.operation)) return undefined;
      return meantFunction(named, asked)?.key.accountId;
    },
    needs: (asked) => [...operationNeeds(asked), ...roleNeeds(asked), ...layerNeeds(asked)],
    policies: (resource) => [...policyTexts(resources, resource), ...layerPolicyTexts(resources, resource)],
    keys: (asked) => [...inputKeys(asked), ...tagKeys(asked, functions)],
  };
}

function operationNeeds(asked: Asked): Need[] {
  const { operation } = asked;
  const resource = onEverything.has(operation) ? '*' : resourceOf(asked);
  return (actions[operation] ?? [operation]).map((action) => ({ action: `lambda:${action}`, resource }));
}

/** Whoever gives a function a role could use it: they must be allowed to pass it on. */
function roleNeeds({ input }: Asked): Need[] {
  return typeof input.Role === 'string' ? [{ action: 'iam:PassRole', resource: input.Role }] : [];
}

/** Whoever attaches a layer could read it. */
function layerNeeds({ input }: Asked): Need[] {
  const layers: readonly unknown[] = Array.isArray(input.Layers) ? input.Layers : [];
  return layers.map((arn) => ({ action: 'lambda:GetLayerVersion', resource: String(arn) }));
}

function resourceOf(asked: Asked): string {
  const { input, region, accountId } = asked;
  const arn = (kind: string, name: string) => `arn:aws:lambda:${region}:${accountId}:${kind}:${name}`;
  const { UUID, LayerName, VersionNumber, CapacityProviderName } = input;
  if (typeof UUID === 'string') return arn('event-source-mapping', UUID);
  if (typeof LayerName === 'string') {
    const layer = LayerName.startsWith('arn:') ? LayerName : arn('layer', LayerName);
    return VersionNumber === undefined ? layer : `${layer}:${String(VersionNumber)}`;
  }
  if (typeof CapacityProviderName === 'string') return arn('capacity-provider', CapacityProviderName);
  return functionResource(asked) ?? namedByArn(input);
}

function functionResource(asked: Asked): string | undefined {
  const { FunctionName, Qualifier } = asked.input;
  if (typeof FunctionName !== 'string') return undefined;
  const named = meantFunction(FunctionName, asked, typeof Qualifier === 'string' ? Qualifier : undefined);
  return named === undefined ? undefined : functionArn(named.key, named.qualifier);
}

function namedByArn({ Resource, ResourceArn, Arn, CodeSigningConfigArn, DurableExecutionArn }: Asked['input']): string {
  const named = [Resource, ResourceArn, Arn, CodeSigningConfigArn, DurableExecutionArn];
  return named.find((each) => typeof each === 'string') ?? '*';
}

function inputKeys({ operation, input, ...place }: Asked): [string, string | string[]][] {
  const { FunctionName, Layers, Principal, FunctionUrlAuthType, AuthType, CodeSigningConfigArn, Role } = input;
  const named = onEverything.has(operation) && typeof FunctionName === 'string' && meantFunction(FunctionName, place);
  const keys: Record<string, unknown> = {
    'lambda:functionarn': named ? functionArn(named.key, named.qualifier) : undefined,
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

/** Tags in the request, and those that the function has. */
function tagKeys(asked: Asked, functions: LambdaParts['functions']): ConditionKeys {
  const { Tags, TagKeys, FunctionName, Resource } = asked.input;
  const given = typeof Tags === 'object' && Tags !== null ? Object.entries(Tags) : [];
  const names = Array.isArray(TagKeys) ? TagKeys.map(String) : given.map(([name]) => name);
  const named = FunctionName ?? Resource;
  const target = typeof named === 'string' ? meantFunction(named, asked) : undefined;
  const has = target === undefined ? {} : (functions.get(target.key)?.tags ?? {});
  return [
    ...(names.length > 0 ? [['aws:tagkeys', names] as const] : []),
    ...given.map(([name, value]) => [`aws:requesttag/${name.toLowerCase()}`, String(value)] as const),
    ...Object.entries(has).map(([name, value]) => [`aws:resourcetag/${name.toLowerCase()}`, value] as const),
  ];
}
