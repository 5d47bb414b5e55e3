/** What of the account's concurrency is kept for functions: by a reservation, or for what is provisioned without one. */
import { invalidParameterValue } from '../../model/errors.ts';
import type { FunctionKey } from '../../model/function.ts';
import { unreservedMin } from '../../model/limits.ts';
import { type Change, ownedKey, type Place, put, remove } from '../../model/resources.ts';
import { checkChangeable, existingFunction, writeOwned } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';

const kind = 'reserved-concurrency';

export async function reserve(parts: LambdaParts, key: FunctionKey, places: number): Promise<void> {
  await inAccountTurn(parts, key, async () => {
    checkChangeable(existingFunction(parts.functions, key), undefined);
    checkProvisioned(parts, key, places);
    checkFits(parts, key, { places, member: 'ReservedConcurrentExecutions' });
    await write(parts, key, put(kind, ownedKey(key, ''), { places }));
  });
}

export async function release(parts: LambdaParts, key: FunctionKey): Promise<void> {
  await inAccountTurn(parts, key, async () => {
    checkChangeable(existingFunction(parts.functions, key), undefined);
    await write(parts, key, remove(kind, ownedKey(key, '')));
  });
}

/** Those that each fit may not fit together. */
export function inAccountTurn(parts: LambdaParts, { accountId, region }: Place, action: () => Promise<void>) {
  return parts.turns.take(`concurrency of ${accountId}/${region}`, action);
}

export function reservedFor({ resources }: Pick<LambdaParts, 'resources'>, key: FunctionKey): number | undefined {
  return resources.get(kind, ownedKey(key, ''))?.places;
}

/** Of all versions and aliases of a function but `except`. */
export function provisionedFor(parts: Pick<LambdaParts, 'resources'>, key: FunctionKey, except?: string): number {
  const all = parts.resources.list('provisioned-concurrency', { ...ownedKey(key, ''), limit: Number.MAX_SAFE_INTEGER });
  return all.reduce((sum, entry) => sum + (entry.key.name === except ? 0 : entry.value.requested), 0);
}

/** The sum over an account's functions in a region but `except`. */
export function keptIn({ resources }: Pick<LambdaParts, 'resources'>, place: Place, except?: string): number {
  const scope = { accountId: place.accountId, region: place.region, limit: Number.MAX_SAFE_INTEGER };
  const kept = new Map<string, number>();
  for (const { key, value } of resources.list('provisioned-concurrency', scope)) {
    kept.set(key.owner, (kept.get(key.owner) ?? 0) + value.requested);
  }
  for (const { key, value } of resources.list(kind, scope)) kept.set(key.owner, value.places);
  if (except !== undefined) kept.delete(except);
  return [...kept.values()].reduce((sum, places) => sum + places, 0);
}

/** Throws when the account would not keep for everybody what it has to. */
export function checkFits(
  parts: LambdaParts,
  key: FunctionKey,
  { places, member }: { places: number; member: string },
): void {
  const limit = parts.settings.concurrentExecutions;
  // An account with a small limit keeps all of it for everybody.
  const min = Math.min(unreservedMin, limit);
  if (places === 0 || limit - keptIn(parts, key, key.name) - places >= min) return;
  throw invalidParameterValue(
    `Specified ${member} for function decreases account's UnreservedConcurrentExecution below its minimum value of [${min}].`,
  );
}

function checkProvisioned(parts: LambdaParts, key: FunctionKey, places: number): void {
  const provisioned = provisionedFor(parts, key);
  if (places >= provisioned) return;
  // AWS's own spaces.
  throw invalidParameterValue(
    ` ReservedConcurrentExecutions  ${places} should not be lower than function's total provisioned concurrency [${provisioned}].`,
  );
}

async function write(parts: LambdaParts, key: FunctionKey, change: Change): Promise<void> {
  await writeOwned(parts, key, [change]);
  // As it is kept now: a delete of the function may have come right behind.
  parts.admission.reserve(key, reservedFor(parts, key));
}
