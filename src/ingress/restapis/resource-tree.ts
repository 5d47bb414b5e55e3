/**
 * Which resource a path means: text before a variable, a variable before `{proxy+}`, from the left; another way is tried
 * where one leads to no resource that has methods.
 */
import type { ApiContent, MethodDocument, ResourceDocument } from '../../store/restapis/rest-record.ts';
import type { Texts } from './exchange.ts';

export interface ResourceMatch {
  readonly resource: ResourceDocument;
  /** As sent. */
  readonly pathParameters: Texts;
}

interface Node {
  readonly resource: ResourceDocument;
  readonly texts: Map<string, Node>;
  variable: Node | undefined;
  greedy: Node | undefined;
}

const trees = new WeakMap<ApiContent, Node>();

/** `path` is as sent, without stage and query. A slash at its end means nothing. */
export function resourceFor(content: ApiContent, path: string): ResourceMatch | undefined {
  const root = treeOf(content);
  const segments = path.replace(/\/+$/, '').split('/').slice(1);
  const found: [string, string][] = [];
  const node = root && matched(root, segments, found);
  return node && { resource: node.resource, pathParameters: Object.fromEntries(found) };
}

export function methodFor({ resourceMethods }: ResourceDocument, name: string): MethodDocument | undefined {
  const key = [name, 'ANY'].find((each) => Object.hasOwn(resourceMethods, each));
  return key === undefined ? undefined : resourceMethods[key];
}

function matched(node: Node, segments: readonly string[], found: [string, string][]): Node | undefined {
  const [segment, ...rest] = segments;
  if (segment === undefined) return Object.keys(node.resource.resourceMethods).length > 0 ? node : undefined;
  const text = node.texts.get(segment);
  const byText = text && matched(text, rest, found);
  if (byText !== undefined) return byText;
  if (node.variable !== undefined && segment !== '') {
    const before = found.length;
    found.push([variableName(node.variable), segment]);
    const byVariable = matched(node.variable, rest, found);
    if (byVariable !== undefined) return byVariable;
    found.length = before;
  }
  if (node.greedy === undefined) return undefined;
  found.push([variableName(node.greedy), segments.join('/')]);
  return node.greedy;
}

function variableName({ resource: { pathPart = '' } }: Node): string {
  return pathPart.replace(/^\{|\+?\}$/g, '');
}

function treeOf(content: ApiContent): Node | undefined {
  let root = trees.get(content);
  if (root === undefined) {
    root = grown(content);
    if (root !== undefined) trees.set(content, root);
  }
  return root;
}

function grown({ resources }: ApiContent): Node | undefined {
  const nodes = new Map(resources.map((resource) => [resource.id, leaf(resource)]));
  for (const node of nodes.values()) {
    const { parentId, pathPart = '' } = node.resource;
    const parent = parentId === undefined ? undefined : nodes.get(parentId);
    if (parent === undefined) continue;
    if (!pathPart.startsWith('{')) parent.texts.set(pathPart, node);
    else if (pathPart.endsWith('+}')) parent.greedy = node;
    else parent.variable = node;
  }
  const [root] = nodes.values();
  return root;
}

function leaf(resource: ResourceDocument): Node {
  return { resource, texts: new Map(), variable: undefined, greedy: undefined };
}
