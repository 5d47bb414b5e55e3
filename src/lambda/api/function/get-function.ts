import { namedFunction } from '../../model/names.ts';
import { renderFunction } from '../../model/render.ts';
import { ownedKey } from '../../model/resources.ts';
import { codeLink } from '../code-link.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { qualifiedFunction } from './record.ts';

/** With `Qualifier=$LATEST` the ARN carries it, without it does not (reference: lambda-semantics 1.6). */
export function getFunction(parts: LambdaParts): LambdaOperation<'GetFunction'> {
  const { functions, resources, serverSecret, clock } = parts;
  return {
    handle({ FunctionName, Qualifier }, context) {
      const named = namedFunction(FunctionName, context, Qualifier);
      const { latest, tags } = qualifiedFunction(functions, named);
      const reserved = resources.get('reserved-concurrency', ownedKey(named.key, ''));
      const sha256 = latest.code.sha256;
      return {
        Configuration: renderFunction(latest, { qualified: named.qualifier !== undefined }),
        Code: {
          RepositoryType: 'S3',
          Location: codeLink({ endpoint: context.endpoint, sha256, serverSecret, now: clock.now() }),
          SourceKMSKeyArn: latest.configuration.stored.SourceKMSKeyArn,
        },
        Concurrency: reserved && { ReservedConcurrentExecutions: reserved.places },
        Tags: Object.keys(tags).length > 0 ? { ...tags } : undefined,
      };
    },
  };
}
