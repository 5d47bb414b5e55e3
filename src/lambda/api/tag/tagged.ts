/** What carries tags, by the kind of resource that its ARN names: a new kind is one row in `targets`. */
import { invalidParameterValue } from '../../model/errors.ts';
import type { NameContext } from '../../model/names.ts';
import type { Tags } from '../../model/tags.ts';
import type { LambdaParts } from '../parts.ts';
import { taggedCodeSigningConfig } from './tagged-code-signing-config.ts';
import { taggedFunction } from './tagged-function.ts';
import { taggedMapping } from './tagged-mapping.ts';

export interface Tagged {
  readonly tags: Tags;
  /** Puts these in place of those; refused when the resource takes no change now. */
  retag(tags: Tags): Promise<void>;
}

export type TagTarget = (parts: LambdaParts, arn: string, context: NameContext) => Tagged;

const targets: Readonly<Record<string, TagTarget>> = {
  function: taggedFunction,
  'event-source-mapping': taggedMapping,
  'code-signing-config': taggedCodeSigningConfig,
};

export function tagged(parts: LambdaParts, resource: string | undefined, context: NameContext): Tagged {
  const arn = resource ?? '';
  const kind = /^arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:([a-z-]+):/.exec(arn)?.[1] ?? '';
  const target = Object.hasOwn(targets, kind) ? targets[kind] : undefined;
  if (target === undefined) throw invalidParameterValue(`Tags need the ARN of a function: ${arn}`);
  return target(parts, arn, context);
}
