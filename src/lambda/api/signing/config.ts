/** Code signing configurations in the store, in AWS's shape, and which functions have them. */
import type { CodeSigningConfig as Rendered } from '@aws-sdk/client-lambda';
import {
  type CodeSigningConfig,
  functionSigningKey,
  signingConfigArn,
  signingConfigKey,
} from '../../model/code-signing.ts';
import { codeSigningConfigNotFound, resourceNotFound } from '../../model/errors.ts';
import { type FunctionKey, functionArn } from '../../model/function.ts';
import { awsTimestamp } from '../../model/render.ts';
import { type Change, everyEntry, type Place, put, type ResourceStore } from '../../model/resources.ts';
import type { LambdaParts } from '../parts.ts';

/** Undefined also for the ARN of another account or region. */
export function signingConfig(
  resources: ResourceStore,
  arn: string | undefined,
  place: Place,
): CodeSigningConfig | undefined {
  const id = arn?.slice(arn.lastIndexOf(':') + 1) ?? '';
  return signingConfigArn(place, id) === arn
    ? resources.get('code-signing-config', signingConfigKey(place, id))
    : undefined;
}

/** For operations on the configuration itself. */
export function existingConfig(resources: ResourceStore, arn: string | undefined, place: Place): CodeSigningConfig {
  const found = signingConfig(resources, arn, place);
  if (found === undefined) throw resourceNotFound(`The Lambda code signing configuration ${arn} can not be found.`);
  return found;
}

/** For functions that are to have it. */
export function wantedConfig(resources: ResourceStore, arn: string | undefined, place: Place): CodeSigningConfig {
  const found = signingConfig(resources, arn, place);
  if (found !== undefined) return found;
  throw codeSigningConfigNotFound(
    `The code signing configuration cannot be found. Check that the provided configuration is not deleted: ${arn}.`,
  );
}

export function renderConfig(place: Place, config: CodeSigningConfig): Rendered {
  return {
    CodeSigningConfigId: config.id,
    CodeSigningConfigArn: signingConfigArn(place, config.id),
    Description: config.description,
    AllowedPublishers: { SigningProfileVersionArns: [...config.publishers] },
    CodeSigningPolicies: { UntrustedArtifactOnDeployment: config.untrusted },
    LastModified: awsTimestamp(config.lastModified),
  };
}

/** A change of the configuration that holds only from the state that was read. */
export function configChange(place: Place, before: CodeSigningConfig, after: CodeSigningConfig): Change {
  const key = signingConfigKey(place, before.id);
  return put('code-signing-config', key, after, { revisionId: before.revisionId });
}

/** That a function takes it counts as a change: the configuration is not deleted at the same time. */
function takenConfig({ random }: Pick<LambdaParts, 'random'>, place: Place, config: CodeSigningConfig): Change {
  return configChange(place, config, { ...config, revisionId: random.uuid() });
}

/** A function takes a configuration. */
export function signedWith(parts: Pick<LambdaParts, 'random'>, key: FunctionKey, config: CodeSigningConfig): Change[] {
  const configArn = signingConfigArn(key, config.id);
  return [takenConfig(parts, key, config), put('function-signing', functionSigningKey(key), { configArn })];
}

/** ARNs of the functions that have the configuration, by name, behind the one named `after`. */
export function functionsWith(resources: ResourceStore, place: Place, arn: string, after = '') {
  return everyEntry(resources, 'function-signing', { ...place, after: { owner: after, name: '' } })
    .filter(({ value }) => value.configArn === arn)
    .map(({ key }) => ({ name: key.owner, arn: functionArn({ ...place, name: key.owner }) }));
}
