/** Changes of a code signing configuration, one after the other. */
import type { CodeSigningConfig } from '../../model/code-signing.ts';
import { resourceConflict } from '../../model/errors.ts';
import type { Place } from '../../model/resources.ts';
import type { LambdaParts } from '../parts.ts';
import { configChange, existingConfig } from './config.ts';

/** Every loser of a race reads again; somebody wins each time. */
const attemptsMax = 100;

export async function changeConfig(
  { resources, random }: Pick<LambdaParts, 'resources' | 'random'>,
  arn: string | undefined,
  place: Place,
  change: (before: CodeSigningConfig) => CodeSigningConfig,
): Promise<CodeSigningConfig> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const before = existingConfig(resources, arn, place);
    const after = { ...change(before), revisionId: random.uuid() };
    if (await resources.write([configChange(place, before, after)])) return after;
  }
  throw resourceConflict(`Too many changes are made to ${arn} at once`);
}
