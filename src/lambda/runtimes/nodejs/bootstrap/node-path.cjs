'use strict';
// Lambda lets `import` find packages through NODE_PATH, as `require` does; Node.js alone does not. Layers need it.

const { existsSync } = require('node:fs');
const nodeModule = require('node:module');
const { pathToFileURL } = require('node:url');

/** Costs nothing unless there is such a folder: hooks stand in the way of every module. */
function importThroughNodePath() {
  const folders = (process.env.NODE_PATH ?? '').split(':').filter((path) => path.endsWith('/node_modules'));
  // A module that lies beside the folder would find what is in it.
  const parents = folders.filter(existsSync).map((path) => pathToFileURL(`${path.slice(0, -12)}index.js`).href);
  if (parents.length === 0) return;
  if (nodeModule.registerHooks !== undefined) nodeModule.registerHooks({ resolve: resolveThrough(parents) });
  // Node.js 20
  else nodeModule.register('./node-path-hooks.mjs', pathToFileURL(__filename), { data: parents });
}

function resolveThrough(parents) {
  return (specifier, context, next) => {
    try {
      return next(specifier, context);
    } catch (error) {
      if (!mayBeElsewhere(specifier, error)) throw error;
      for (const parentURL of parents) {
        try {
          return next(specifier, { ...context, parentURL });
        } catch {
          // In the next folder, perhaps.
        }
      }
      throw error;
    }
  };
}

/** A package that was not found, and neither a path nor a URL. */
function mayBeElsewhere(specifier, error) {
  return error?.code === 'ERR_MODULE_NOT_FOUND' && !/^(\.{0,2}\/|[a-z]+:)/i.test(specifier);
}

module.exports = { importThroughNodePath, mayBeElsewhere };
