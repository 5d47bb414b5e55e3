import { invalid } from './errors.ts';

const itemsMax = 1000;

/** A page of what is in the order of its names; a token is the last name of the page before. */
export function page<Item>(
  sorted: readonly Item[],
  nameOf: (item: Item) => string,
  token: string | undefined,
  max: number | undefined,
): { items: readonly Item[]; next: string | undefined } {
  if (max !== undefined && (max < 1 || max > itemsMax)) {
    throw invalid('MaxResults', max, `Value must be between 1 and ${itemsMax}.`);
  }
  const after = token === undefined ? '' : Buffer.from(token, 'base64url').toString();
  const left = sorted.filter((item) => nameOf(item) > after);
  const items = left.slice(0, max ?? itemsMax);
  const last = items.at(-1);
  const more = max !== undefined && last !== undefined && items.length < left.length;
  return { items, next: more ? Buffer.from(nameOf(last)).toString('base64url') : undefined };
}
