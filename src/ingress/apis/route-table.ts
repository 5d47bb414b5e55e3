/**
 * Which route a request takes. First those that match to the last segment, then those that end in `{proxy+}`, then
 * `$default`; among them the most particular: text before a variable, from the left, and a method before ANY.
 */
import { type HttpRouteKey, parseRouteKey, type RouteSegment } from '../../services/apigatewayv2/route-key.ts';
import type { RouteDocument } from '../../store/apis/api-record.ts';
import { decoded } from '../http/http-call.ts';

export interface RouteMatch {
  readonly route: RouteDocument;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Candidate extends HttpRouteKey {
  readonly route: RouteDocument;
}

export class RouteTable {
  readonly #candidates: readonly Candidate[];
  readonly #default: RouteDocument | undefined;

  constructor(routes: readonly RouteDocument[]) {
    this.#default = routes.find(({ RouteKey }) => RouteKey === '$default');
    this.#candidates = routes
      .flatMap((route) => {
        const key = parseRouteKey(route.RouteKey ?? '');
        return key === undefined || key === '$default' ? [] : [{ ...key, route }];
      })
      .sort(byRank);
  }

  /** The path is as sent, without stage and query. */
  find(method: string, path: string): RouteMatch | undefined {
    const segments = path.slice(1).split('/').map(decoded);
    for (const { method: wanted, segments: pattern, route } of this.#candidates) {
      if (wanted !== 'ANY' && wanted !== method) continue;
      const pathParameters = matched(pattern, segments);
      if (pathParameters !== undefined) return { route, pathParameters };
    }
    return this.#default && { route: this.#default, pathParameters: {} };
  }
}

function byRank(a: Candidate, b: Candidate): number {
  const [rankA, rankB] = [rankOf(a), rankOf(b)];
  return rankA < rankB ? -1 : Number(rankA > rankB);
}

/** As a text that sorts: whole matches first, then segment by segment, then the method. */
function rankOf({ segments, method }: HttpRouteKey): string {
  const kinds = segments.map(({ kind }) => ({ text: '0', variable: '1', greedy: '2' })[kind]).join('');
  // Where both end in `{proxy+}`, the one that says more before it comes first: "0" sorts before "2".
  return `${kinds.endsWith('2') ? 1 : 0}${kinds}${method === 'ANY' ? '~' : '!'}`;
}

function matched(pattern: readonly RouteSegment[], segments: readonly string[]): Record<string, string> | undefined {
  const found: [string, string][] = [];
  const greedy = pattern.at(-1)?.kind === 'greedy';
  if (greedy ? segments.length < pattern.length : segments.length !== pattern.length) return undefined;
  for (const [at, expected] of pattern.entries()) {
    const segment = segments[at] ?? '';
    if (expected.kind === 'text') {
      if (expected.text !== segment) return undefined;
      continue;
    }
    const value = expected.kind === 'greedy' ? segments.slice(at).join('/') : segment;
    if (value === '') return undefined;
    found.push([expected.name, value]);
  }
  return Object.fromEntries(found);
}
