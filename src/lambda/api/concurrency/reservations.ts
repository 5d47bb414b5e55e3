/** What is reserved for functions: written, and then told to the data plane. */
import { invalidParameterValue } from '../../model/errors.ts';
import type { FunctionKey } from '../../model/function.ts';
import { unreservedMin } from '../../model/limits.ts';
import { type Change, ownedKey, type Place, put, remove } from '../../model/resources.ts';
import { checkChangeable, existingFunction, writeOwned } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';

const kind = 'reserved-concurrency';

export async function reserve(parts: LambdaParts, key: FunctionKey, places: number): Promise<void> {
  // Those that each fit may not fit together.
  await parts.turns.take(`${key.accountId}/${key.region}`, async () => {
    checkChangeable(existingFunction(parts.functions, key), undefined);
    checkFits(parts, key, places);
    await write(parts, key, put(kind, ownedKey(key, ''), { places }));
  });
}

export async function release(parts: LambdaParts, key: FunctionKey): Promise<void> {
  checkChangeable(existingFunction(parts.functions, key), undefined);
  await write(parts, key, remove(kind, ownedKey(key, '')));
}

/** The sum over an account's functions in a region. */
export function reservedIn({ resources }: Pick<LambdaParts, 'resources'>, { accountId, region }: Place): number {
  const all = resources.list(kind, { accountId, region, limit: Number.MAX_SAFE_INTEGER });
  return all.reduce((sum, { value }) => sum + value.places, 0);
}

function checkFits(parts: LambdaParts, key: FunctionKey, places: number): void {
  const limit = parts.settings.concurrentExecutions;
  // An account with a small limit keeps all of it for everybody.
  const min = Math.min(unreservedMin, limit);
  const before = parts.resources.get(kind, ownedKey(key, ''))?.places ?? 0;
  if (places === 0 || limit - (reservedIn(parts, key) - before + places) >= min) return;
  throw invalidParameterValue(
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${min}].`,
  );
}

async function write(parts: LambdaParts, key: FunctionKey, change: Change): Promise<void> {
  await writeOwned(parts, key, [change]);
  // As it is kept now: a delete of the function may have come right behind.
  parts.admission.reserve(key, parts.resources.get(kind, ownedKey(key, ''))?.places);
}
