import { type CodeSigningConfig, signingConfigKey } from '../../model/code-signing.ts';
import { put } from '../../model/resources.ts';
import { withTags } from '../../model/tags.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { renderConfig } from './config.ts';

export function createCodeSigningConfig(parts: LambdaParts): LambdaOperation<'CreateCodeSigningConfig'> {
  const { resources, random, clock } = parts;
  return {
    async handle({ AllowedPublishers, CodeSigningPolicies, Description, Tags }, { accountId, region }) {
      const config: CodeSigningConfig = {
        id: `csc-${random.hex(9).slice(0, 17)}`,
        description: Description,
        publishers: AllowedPublishers?.SigningProfileVersionArns ?? [],
        untrusted: CodeSigningPolicies?.UntrustedArtifactOnDeployment ?? 'Warn',
        lastModified: clock.now(),
        tags: withTags({}, Tags ?? {}),
        revisionId: random.uuid(),
      };
      const place = { accountId, region };
      await resources.write([put('code-signing-config', signingConfigKey(place, config.id), config)]);
      return { CodeSigningConfig: renderConfig(place, config) };
    },
  };
}
