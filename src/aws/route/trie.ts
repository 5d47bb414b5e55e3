/**
 * REST routing of one service: segments of the path first (literal before label before the rest of the path), then the
 * literals and required parameters that the request's query and headers must hold.
 */
import { decodePart, parseQuery } from '../codec/uri.ts';
import type { ServiceModel } from '../model.ts';

export interface RestMatch {
  readonly operation: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface Route {
  readonly operation: string;
  /** Names of labels by the place of their segment; the last takes the rest if greedy. */
  readonly labels: readonly (readonly [place: number, name: string])[];
  readonly greedy: boolean;
  readonly literals: readonly (readonly [name: string, value: string])[];
  readonly queries: readonly string[];
  readonly headers: readonly string[];
  /** What the JavaScript and Go clients add to S3's URLs; tells between equals, but others do not send it. */
  readonly id: string | undefined;
}

interface Node {
  readonly literals: Map<string, Node>;
  label: Node | undefined;
  readonly routes: Route[];
  readonly rest: Route[];
}

export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export class RestTrie {
  readonly #roots = new Map<string, Node>();

  constructor(model: ServiceModel) {
    for (const [operation, { http, input }] of Object.entries(model.operations)) {
      if (http === undefined) continue;
      const [method, uri] = http;
      const root = this.#roots.get(method) ?? newNode();
      this.#roots.set(method, root);
      add(root, uri, routeOf(operation, uri, model.structures[input ?? '']));
    }
  }

  find(request: RestRequest): RestMatch | undefined {
    const root = this.#roots.get(request.method);
    if (root === undefined) return undefined;
    const segments = request.path.slice(1).split('/');
    const found = search(root, { segments, request }, 0);
    if (found !== undefined || segments.at(-1) !== '' || segments.length < 2) return found;
    // Clients end a bucket's URL with a slash, and documentation ends some of Lambda's.
    return search(root, { segments: segments.slice(0, -1), request }, 0);
  }
}

function newNode(): Node {
  return { literals: new Map(), label: undefined, routes: [], rest: [] };
}

function routeOf(operation: string, uri: string, input: ServiceModel['structures'][string] | undefined): Route {
  const [path = '', query = ''] = uri.split('?');
  const segments = path.slice(1).split('/');
  const labels = segments.flatMap((segment, place) => {
    const name = /^\{([^}+]+)\+?\}$/.exec(segment)?.[1];
    return name === undefined ? [] : [[place, name] as const];
  });
  const required = Object.values(input?.members ?? {}).filter((member) => member.required);
  const at = (place: string) =>
    required.flatMap((member) => (member.in === place && member.at !== undefined ? [member.at] : []));
  const pairs = parseQuery(query);
  return {
    operation,
    labels,
    greedy: path.endsWith('+}'),
    literals: pairs.filter(([name]) => name !== 'x-id'),
    queries: at('query'),
    headers: at('header'),
    id: pairs.find(([name]) => name === 'x-id')?.[1],
  };
}

function add(root: Node, uri: string, route: Route): void {
  const segments = (uri.split('?')[0] ?? '').slice(1).split('/');
  let node = root;
  for (const segment of segments) {
    if (segment.endsWith('+}')) break;
    if (segment.startsWith('{')) {
      node.label ??= newNode();
      node = node.label;
    } else {
      const next = node.literals.get(segment) ?? newNode();
      node.literals.set(segment, next);
      node = next;
    }
  }
  (route.greedy ? node.rest : node.routes).push(route);
}

interface Sought {
  readonly segments: readonly string[];
  readonly request: RestRequest;
}

/** The first that fits, most literal first. */
function search(node: Node, sought: Sought, at: number): RestMatch | undefined {
  const { segments } = sought;
  const segment = segments[at];
  if (segment === undefined) return chosen(node.routes, sought);
  const literal = node.literals.get(segment);
  const byLiteral = literal === undefined ? undefined : search(literal, sought, at + 1);
  if (byLiteral !== undefined) return byLiteral;
  const byLabel = node.label === undefined || segment === '' ? undefined : search(node.label, sought, at + 1);
  if (byLabel !== undefined) return byLabel;
  return segment === '' && at === segments.length - 1 ? undefined : chosen(node.rest, sought);
}

function chosen(routes: readonly Route[], { segments, request }: Sought): RestMatch | undefined {
  if (routes.length === 0) return undefined;
  const route = routes.length === 1 && isPlain(routes[0]) ? routes[0] : bestRoute(routes, request);
  return route === undefined ? undefined : { operation: route.operation, labels: labelsOf(route, segments) };
}

function isPlain(route: Route | undefined): boolean {
  return route !== undefined && route.literals.length === 0;
}

function bestRoute(routes: readonly Route[], { query, headers }: RestRequest): Route | undefined {
  const params = new Map(parseQuery(query));
  let best: Route | undefined;
  let bestScore = -1;
  for (const route of routes) {
    if (!route.literals.every(([name, value]) => params.has(name) && (value === '' || params.get(name) === value)))
      continue;
    const lacking =
      !route.queries.every((name) => params.has(name)) || !route.headers.every((name) => headers[name] !== undefined);
    // An operation that lacks a parameter is still better than none: its validation says which.
    const required = lacking ? 0 : 10 * (route.queries.length + route.headers.length) + 1;
    const named = route.id !== undefined && params.get('x-id') === route.id ? 10_000 : 0;
    const score = named + (lacking ? 0 : 1000) + 100 * route.literals.length + required;
    if (score > bestScore) [best, bestScore] = [route, score];
  }
  return best;
}

function labelsOf({ labels, greedy }: Route, segments: readonly string[]): Record<string, string> {
  const out: Record<string, string> = {};
  const last = labels.length - 1;
  labels.forEach(([place, name], order) => {
    const text = greedy && order === last ? segments.slice(place).join('/') : (segments[place] ?? '');
    out[name] = decodePart(text);
  });
  return out;
}
