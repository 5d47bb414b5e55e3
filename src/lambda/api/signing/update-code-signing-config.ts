import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { changeConfig } from './change-config.ts';
import { renderConfig } from './config.ts';

/** Counts for what is deployed from then on; what runs goes on running. */
export function updateCodeSigningConfig(parts: LambdaParts): LambdaOperation<'UpdateCodeSigningConfig'> {
  return {
    async handle({ CodeSigningConfigArn, AllowedPublishers, CodeSigningPolicies, Description }, place) {
      const after = await changeConfig(parts, CodeSigningConfigArn, place, (before) => ({
        ...before,
        description: Description ?? before.description,
        publishers: AllowedPublishers?.SigningProfileVersionArns ?? before.publishers,
        untrusted: CodeSigningPolicies?.UntrustedArtifactOnDeployment ?? before.untrusted,
        lastModified: parts.clock.now(),
      }));
      return { CodeSigningConfig: renderConfig(place, after) };
    },
  };
}
