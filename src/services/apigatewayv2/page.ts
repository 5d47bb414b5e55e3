import { badRequest } from './parts.ts';

const pageMax = 500;
const pageDefault = 25;

/** A part of a list, after what its token says. MaxResults is a text in this API. */
export function pageOf<T>(
  list: readonly T[],
  { MaxResults, NextToken }: { MaxResults?: string | undefined; NextToken?: string | undefined },
): { Items: T[]; NextToken?: string } {
  const from = positionOf(NextToken);
  const to = from + sizeOf(MaxResults);
  const Items = list.slice(from, to);
  return to < list.length ? { Items, NextToken: Buffer.from(`after:${to}`).toString('base64url') } : { Items };
}

function sizeOf(text: string | undefined): number {
  if (text === undefined || text === '') return pageDefault;
  const size = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (size === 0) throw badRequest('Invalid value for maxResults: it must be a positive integer');
  return Math.min(size, pageMax);
}

function positionOf(token: string | undefined): number {
  if (token === undefined || token === '') return 0;
  const position = /^after:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (position === undefined) throw badRequest('Invalid nextToken: it is not one that this operation gave');
  return Number(position);
}
