// As in node-path.cjs, on the thread where Node.js 20 has its hooks.
import { mayBeElsewhere } from './node-path.cjs';

let parents = [];

export function initialize(data) {
  parents = data;
}

export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (!mayBeElsewhere(specifier, error)) throw error;
    for (const parentURL of parents) {
      const found = await next(specifier, { ...context, parentURL }).catch(() => undefined);
      if (found !== undefined) return found;
    }
    throw error;
  }
}
