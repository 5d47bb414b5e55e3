/** What the operations on asynchronous invocation have in common: whose configuration it is, and how it is written and shown. */
import type { DestinationConfig, FunctionEventInvokeConfig } from '@aws-sdk/client-lambda';
import { invalidParameterValue, resourceNotFound } from '../../model/errors.ts';
import { checkDestinations, type EventInvokeConfig } from '../../model/event-invoke-config.ts';
import { checkTelling } from '../../model/execution-roles.ts';
import { type FunctionKey, functionArn, functionKeyText } from '../../model/function.ts';
import { type NameContext, namedFunction } from '../../model/names.ts';
import { latestQualifier } from '../../model/qualifier.ts';
import { ownedKey, put } from '../../model/resources.ts';
import { existingVersion, writeOwned } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';

const kind = 'event-invoke-config';

/** Without a qualifier it is that of `$LATEST`. */
export interface Configured {
  readonly key: FunctionKey;
  readonly qualifier: string;
}

interface Named {
  readonly FunctionName?: string;
  readonly Qualifier?: string;
}

export function configured(parts: LambdaParts, input: Named, context: NameContext): Configured {
  const named = namedFunction(input.FunctionName, context, input.Qualifier);
  existingVersion(parts, named);
  return { key: named.key, qualifier: named.qualifier ?? latestQualifier };
}

/** Nobody else changes the function's qualifiers and their configurations meanwhile. */
export async function inTurn<T>(
  parts: LambdaParts,
  { input, context }: { input: Named; context: NameContext },
  action: (whose: Configured) => Promise<T>,
): Promise<T> {
  const { key } = namedFunction(input.FunctionName, context, input.Qualifier);
  return parts.turns.take(functionKeyText(key), async () => action(configured(parts, input, context)));
}

export function existingConfig({ resources }: LambdaParts, { key, qualifier }: Configured): EventInvokeConfig {
  const config = resources.get(kind, ownedKey(key, qualifier));
  if (config !== undefined) return config;
  throw resourceNotFound(`The function ${functionArn(key, qualifier)} doesn't have an EventInvokeConfig`);
}

export interface ConfigInput {
  readonly MaximumRetryAttempts?: number;
  readonly MaximumEventAgeInSeconds?: number;
  readonly DestinationConfig?: DestinationConfig;
}

/** What is given over what is there; an empty destination takes one away. */
export async function writeConfig(
  parts: LambdaParts,
  { key, qualifier }: Configured,
  { before, input }: { before?: EventInvokeConfig; input: ConfigInput },
): Promise<FunctionEventInvokeConfig> {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = input;
  if (MaximumRetryAttempts === undefined && MaximumEventAgeInSeconds === undefined && !namesOne(DestinationConfig)) {
    throw invalidParameterValue('You must specify at least one of error handling or destination setting.');
  }
  const config: EventInvokeConfig = {
    maximumRetryAttempts: MaximumRetryAttempts ?? before?.maximumRetryAttempts,
    maximumEventAgeSeconds: MaximumEventAgeInSeconds ?? before?.maximumEventAgeSeconds,
    onSuccess: destination(DestinationConfig?.OnSuccess, before?.onSuccess),
    onFailure: destination(DestinationConfig?.OnFailure, before?.onFailure),
    lastModified: parts.clock.now(),
  };
  checkDestinations(key, config);
  const { accountId, configuration } = existingVersion(parts, { key, qualifier });
  for (const arn of [DestinationConfig?.OnSuccess?.Destination, DestinationConfig?.OnFailure?.Destination]) {
    if (arn) checkTelling(parts.roles, { accountId, roleArn: configuration.role }, arn);
  }
  await writeOwned(parts, key, [put(kind, ownedKey(key, qualifier), config)]);
  return renderConfig({ key, qualifier }, config);
}

function namesOne(given: DestinationConfig | undefined): boolean {
  return given?.OnSuccess !== undefined || given?.OnFailure !== undefined;
}

function destination(given: { Destination?: string } | undefined, before: string | undefined): string | undefined {
  return given === undefined ? before : given.Destination || undefined;
}

export function renderConfig({ key, qualifier }: Configured, config: EventInvokeConfig): FunctionEventInvokeConfig {
  const { onSuccess, onFailure } = config;
  return {
    LastModified: new Date(config.lastModified),
    FunctionArn: functionArn(key, qualifier),
    MaximumRetryAttempts: config.maximumRetryAttempts,
    MaximumEventAgeInSeconds: config.maximumEventAgeSeconds,
    DestinationConfig: {
      OnSuccess: onSuccess === undefined ? {} : { Destination: onSuccess },
      OnFailure: onFailure === undefined ? {} : { Destination: onFailure },
    },
  };
}
