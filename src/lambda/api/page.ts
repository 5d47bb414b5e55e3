/** One page of a list: markers that say nothing to callers, and AWS's caps (reference: lambda-semantics 1.5). */
import { invalidParameterValue } from '../model/errors.ts';
import { listPageMax } from '../model/limits.ts';

export interface PageRequest {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

export interface PageSource<T> {
  /** Named in the refusal of a marker that it did not give. */
  readonly operation: string;
  /** In order, behind the position `after`, `limit` at most. */
  read(after: string | undefined, limit: number): readonly T[];
  /** Where an item stands, so that the next page begins behind it. */
  position(item: T): string;
  readonly itemsMax?: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextMarker?: string;
}

/** Reads one item more than it gives, to know whether there is another page. */
export function pageOf<T>({ Marker, MaxItems }: PageRequest, source: PageSource<T>): Page<T> {
  const { operation, itemsMax = listPageMax } = source;
  const limit = Math.min(MaxItems ?? itemsMax, itemsMax);
  const after = Marker === undefined || Marker === '' ? undefined : positionIn(Marker, operation);
  const found = source.read(after, limit + 1);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const more = found.length > limit && last !== undefined;
  return { items, nextMarker: more ? markerOf(source.position(last)) : undefined };
}

const markerPrefix = 'after:';

function markerOf(position: string): string {
  return Buffer.from(markerPrefix + position).toString('base64url');
}

function positionIn(marker: string, operation: string): string {
  const text = Buffer.from(marker, 'base64url').toString();
  if (text.startsWith(markerPrefix)) return text.slice(markerPrefix.length);
  throw invalidParameterValue(`Cannot continue the list: the marker is not one that ${operation} gave`);
}
