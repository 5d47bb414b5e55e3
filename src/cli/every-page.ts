import { type Client, objectsOf, textOf } from './client.ts';

/** All items of a Lambda list; `member` is where a page has them. */
export async function everyPage(client: Client, path: string, member: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let marker: string | undefined;
  do {
    const page = await client.json({ method: 'GET', path, query: { Marker: marker }, service: 'lambda' });
    found.push(...objectsOf(page[member]));
    const next = textOf(page.NextMarker);
    marker = next === marker ? undefined : next;
  } while (marker !== undefined);
  return found;
}
