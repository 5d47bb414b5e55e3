/** Lambda's operations as IAM actions on resources, and the policies that belong to these (reference: lambda-semantics 1.9). */
import type { Asked, Need, ServiceRules } from '../../iam/rules.ts';
import { policyTexts } from '../invoke/permission.ts';
import { functionArn } from '../model/function.ts';
import { meantFunction } from '../model/names.ts';
import { conditionKeys } from './condition-keys.ts';
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
    needs: (asked) => [...operationNeeds(asked), ...roleNeeds(asked), ...layerNeeds(asked), ...codeNeeds(asked)],
    policies: (resource) => [...policyTexts(resources, resource), ...layerPolicyTexts(resources, resource)],
    keys: (asked) => conditionKeys({ functions, resources }, asked),
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
  return layers.map((arn) => ({ action: 'lambda:GetLayerVersion', resource: plain(String(arn)) }));
}

/** Nor does anybody read, as a function's code, an object that they could not read. */
function codeNeeds({ input }: Asked): Need[] {
  return [input, input.Code, input.Content].filter(isPackage).map(({ S3Bucket, S3Key, S3ObjectVersion }) => ({
    action: S3ObjectVersion === undefined ? 's3:GetObject' : 's3:GetObjectVersion',
    resource: `arn:aws:s3:::${S3Bucket}/${S3Key ?? ''}`,
  }));
}

function isPackage(value: unknown): value is { S3Bucket: string; S3Key?: string; S3ObjectVersion?: string } {
  return typeof value === 'object' && value !== null && 'S3Bucket' in value && typeof value.S3Bucket === 'string';
}

function resourceOf(asked: Asked): string {
  const { input, region, accountId } = asked;
  const arn = (kind: string, name: string) => `arn:aws:lambda:${region}:${accountId}:${kind}:${name}`;
  const { UUID, LayerName, VersionNumber, CapacityProviderName } = input;
  if (typeof UUID === 'string') return arn('event-source-mapping', UUID.toLowerCase());
  if (typeof LayerName === 'string') {
    const layer = LayerName.startsWith('arn:') ? plain(LayerName) : arn('layer', LayerName);
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
  return plain(named.find((each) => typeof each === 'string') ?? '*');
}

/** Operations take an ARN of any partition, and mean the one there is: a Deny must not be passed by with another. */
function plain(arn: string): string {
  return arn.replace(/^arn:aws[a-zA-Z-]*:/, 'arn:aws:');
}
