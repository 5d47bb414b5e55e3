import { namedFunction } from '../../model/names.ts';
import { ownedKey } from '../../model/resources.ts';
import { codeLink } from '../code-link.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingFunction, existingVersion } from './record.ts';
import { shownFunction } from './shown.ts';

/** The ARN carries the qualifier that was asked for, also `$LATEST` and an alias (reference: lambda-semantics 1.6). */
export function getFunction(parts: LambdaParts): LambdaOperation<'GetFunction'> {
  const { functions, resources, serverSecret, clock } = parts;
  return {
    handle({ FunctionName, Qualifier }, context) {
      const named = namedFunction(FunctionName, context, Qualifier);
      const version = existingVersion(parts, named);
      const { tags } = existingFunction(functions, named.key);
      const reserved = resources.get('reserved-concurrency', ownedKey(named.key, ''));
      const sha256 = version.code.sha256;
      return {
        Configuration: shownFunction(parts, version, named.qualifier),
        Code: {
          RepositoryType: 'S3',
          Location: codeLink({ endpoint: context.endpoint, sha256, serverSecret, now: clock.now() }),
          SourceKMSKeyArn: version.configuration.stored.SourceKMSKeyArn,
        },
        Concurrency: reserved && { ReservedConcurrentExecutions: reserved.places },
        Tags: Object.keys(tags).length > 0 ? { ...tags } : undefined,
      };
    },
  };
}
