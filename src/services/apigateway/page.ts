import { badRequest } from './parts.ts';

const pageMax = 500;
const pageDefault = 25;

export interface PageInput {
  readonly position?: string | undefined;
  readonly limit?: number | undefined;
}

/** A part of a list, after what its position says. */
export function pageOf<T>(list: readonly T[], { position, limit }: PageInput): { items: T[]; position?: string } {
  if (limit !== undefined && limit < 1) throw badRequest('Invalid limit parameter specified');
  const from = startOf(position);
  const to = from + Math.min(limit ?? pageDefault, pageMax);
  const items = list.slice(from, to);
  return to < list.length ? { items, position: Buffer.from(`after:${to}`).toString('base64url') } : { items };
}

function startOf(position: string | undefined): number {
  if (position === undefined || position === '') return 0;
  const start = /^after:(\d{1,9})$/.exec(Buffer.from(position, 'base64url').toString())?.[1];
  if (start === undefined) throw badRequest('Invalid position parameter specified');
  return Number(start);
}
