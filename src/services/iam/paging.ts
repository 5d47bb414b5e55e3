import { validationError } from './errors.ts';

export interface PageRequest {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

export interface Page<Item> {
  readonly items: Item[];
  readonly IsTruncated: boolean;
  readonly Marker: string | undefined;
}

const itemsUsual = 100;

/** Of a list in the order of its names; a marker is the last name of the page before, so that lists may change between. */
export function paged<Item>(
  sorted: readonly Item[],
  nameOf: (item: Item) => string,
  { Marker, MaxItems = itemsUsual }: PageRequest,
): Page<Item> {
  const from = Marker === undefined ? 0 : sorted.findIndex((item) => nameOf(item).toLowerCase() > nameIn(Marker));
  const left = from < 0 ? [] : sorted.slice(from);
  const items = left.slice(0, MaxItems);
  const last = items.at(-1);
  const IsTruncated = last !== undefined && items.length < left.length;
  return { items, IsTruncated, Marker: IsTruncated ? markerOf(nameOf(last).toLowerCase()) : undefined };
}

function markerOf(name: string): string {
  return Buffer.from(JSON.stringify([name])).toString('base64url');
}

function nameIn(marker: string): string {
  try {
    const [name] = JSON.parse(Buffer.from(marker, 'base64url').toString());
    if (typeof name === 'string') return name;
  } catch {
    // Said below, as of one that is JSON and no marker.
  }
  throw validationError(`Invalid Marker: ${marker}`);
}

/** In the order that pages have. */
export function byName<Item>(items: readonly Item[], nameOf: (item: Item) => string): Item[] {
  const keyed = items.map((item) => ({ item, key: nameOf(item).toLowerCase() }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ item }) => item);
}
