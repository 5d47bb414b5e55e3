/** What the operations on provisioned concurrency have in common: which version or alias it is for, and how it is shown. */
import type { PutProvisionedConcurrencyConfigResponse } from '@aws-sdk/client-lambda';
import { invalidParameterValue, provisionedConcurrencyNotFound } from '../../model/errors.ts';
import type { FunctionKey } from '../../model/function.ts';
import { type NameContext, namedFunction } from '../../model/names.ts';
import type { ProvisionedConcurrency } from '../../model/provisioned-concurrency.ts';
import { latestQualifier } from '../../model/qualifier.ts';
import { ownedKey } from '../../model/resources.ts';
import { existingVersion } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';

export const kind = 'provisioned-concurrency';

export interface Provisioned {
  readonly key: FunctionKey;
  /** A version's number or an alias. */
  readonly qualifier: string;
  /** Of the version that it is, or leads to. */
  readonly number: string;
}

export function provisioned(
  parts: LambdaParts,
  input: { readonly FunctionName?: string; readonly Qualifier?: string },
  context: NameContext,
): Provisioned {
  const named = namedFunction(input.FunctionName, context, input.Qualifier);
  const version = existingVersion(parts, named);
  if (named.qualifier === undefined || version.version === latestQualifier) {
    throw invalidParameterValue('Provisioned Concurrency Configs cannot be applied to unpublished function versions.');
  }
  return { key: named.key, qualifier: named.qualifier, number: version.version };
}

export function existingProvisioned(
  { resources }: LambdaParts,
  { key, qualifier }: Provisioned,
): ProvisionedConcurrency {
  const config = resources.get(kind, ownedKey(key, qualifier));
  if (config !== undefined) return config;
  throw provisionedConcurrencyNotFound('No Provisioned Concurrency Config found for this function');
}

export function renderProvisioned(
  { provisioner }: LambdaParts,
  { key, qualifier }: Pick<Provisioned, 'key' | 'qualifier'>,
  { requested, lastModified }: ProvisionedConcurrency,
): PutProvisionedConcurrencyConfigResponse {
  const { ready, status, reason } = provisioner.state(key, qualifier, requested);
  return {
    RequestedProvisionedConcurrentExecutions: requested,
    AvailableProvisionedConcurrentExecutions: ready,
    AllocatedProvisionedConcurrentExecutions: ready,
    Status: status,
    StatusReason: reason,
    LastModified: `${new Date(lastModified).toISOString().slice(0, 19)}+0000`,
  };
}
