/** `GET /pets/{id}`: which requests a route of an HTTP API is for. */
export interface HttpRouteKey {
  /** `ANY` for all. */
  readonly method: string;
  readonly segments: readonly RouteSegment[];
}

export type RouteSegment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  /** One or more segments to the path's end. */
  | { readonly kind: 'greedy'; readonly name: string };

const methods = new Set(['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/** `$default` takes what no other route takes; undefined for a text that is no key. */
export function parseRouteKey(key: string): HttpRouteKey | '$default' | undefined {
  if (key === '$default') return key;
  const [, method = '', path = ''] = /^([A-Z]+) (\/\S*)$/.exec(key) ?? [];
  if (!methods.has(method)) return undefined;
  const segments = path.slice(1).split('/').map(parseSegment);
  const names = segments.flatMap((each) => (each === undefined || each.kind === 'text' ? [] : [each.name]));
  if (new Set(names).size < names.length) return undefined;
  const known = segments.filter((each) => each !== undefined);
  const early = known.slice(0, -1).some(({ kind }) => kind === 'greedy');
  return known.length < segments.length || early ? undefined : { method, segments: known };
}

function parseSegment(segment: string): RouteSegment | undefined {
  const { name, greedy } = /^\{(?<name>[A-Za-z0-9._-]+)(?<greedy>\+)?\}$/.exec(segment)?.groups ?? {};
  if (name === undefined) return /[{}]/.test(segment) ? undefined : { kind: 'text', text: segment };
  return { kind: greedy === undefined ? 'variable' : 'greedy', name };
}
