import type { SourceAccessConfiguration } from '@aws-sdk/client-lambda';
import { invalidParameterValue } from '../errors.ts';
import type { SourceKind } from './mapping.ts';
import { sourceRules } from './source-rules.ts';

/** How a broker is reached and who says so: only the ways that the source has. */
export function checkAccess(source: SourceKind, configurations: readonly SourceAccessConfiguration[]): void {
  const { accessTypes, label } = sourceRules[source];
  for (const { Type, URI } of configurations) {
    if (Type === undefined || URI === undefined) {
      throw invalidParameterValue('Each of SourceAccessConfigurations needs a Type and a URI.');
    }
    if (!accessTypes.includes(Type)) {
      throw invalidParameterValue(`Unsupported source access configuration type for ${label}: ${Type}`);
    }
  }
  if (source === 'mq' && !configurations.some(({ Type }) => Type === 'BASIC_AUTH')) {
    throw invalidParameterValue(`SourceAccessConfigurations of ${label} need one of type BASIC_AUTH.`);
  }
}
