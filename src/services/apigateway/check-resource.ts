import type { ResourceDocument } from '../../store/restapis/rest-record.ts';
import { badRequest, conflict } from './parts.ts';

const partPattern = /^(\{[a-zA-Z0-9._-]+\+?\}|[a-zA-Z0-9._:,~@=+$-]+)$/;

export function checkPathPart(pathPart: string): void {
  if (partPattern.test(pathPart)) return;
  throw badRequest(
    "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
  );
}

/** Whether a part may stand below a parent; `resources` are without it. */
export function checkPlace(resources: readonly ResourceDocument[], parent: ResourceDocument, pathPart: string): void {
  if (isGreedy(parent.pathPart)) {
    throw badRequest(`Cannot create a child of a resource with a greedy path variable: ${parent.path}`);
  }
  const siblings = resources.filter(({ parentId }) => parentId === parent.id);
  if (siblings.some((each) => each.pathPart === pathPart)) {
    throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
  }
  const variable = siblings.find((each) => kindOf(each.pathPart) === kindOf(pathPart));
  if (kindOf(pathPart) !== 'text' && variable !== undefined) {
    throw badRequest(
      `A sibling (${variable.pathPart}) of this resource already has a variable path part -- only one is allowed`,
    );
  }
}

export function pathUnder(parent: ResourceDocument, pathPart: string): string {
  return `${parent.path === '/' ? '' : parent.path}/${pathPart}`;
}

function isGreedy(pathPart: string | undefined): boolean {
  return kindOf(pathPart) === 'greedy';
}

function kindOf(pathPart = ''): 'text' | 'variable' | 'greedy' {
  if (!pathPart.startsWith('{')) return 'text';
  return pathPart.endsWith('+}') ? 'greedy' : 'variable';
}
