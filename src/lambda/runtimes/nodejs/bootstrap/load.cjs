'use strict';
// Finds the function's handler: `folder/file.export.nested`, CommonJS or ES module.

const { existsSync, readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { basename, dirname, join, resolve } = require('node:path');
const { pathToFileURL } = require('node:url');
const { runtimeError } = require('./errors.cjs');

async function loadHandler(taskRoot, handler) {
  if (handler.includes('..')) {
    throw runtimeError(
      'Runtime.MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const match = /^([^.]*)\.(.+)$/.exec(basename(handler));
  if (match === null) throw runtimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const folder = dirname(handler);
  const name = join(folder === '.' ? '' : folder, match[1]);
  const loaded = await imported(taskRoot, name);
  return exported(loaded, name, match[2]);
}

async function imported(taskRoot, name) {
  try {
    return await importFrom(taskRoot, name);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw runtimeError('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`, error.stack);
    }
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw runtimeError('Runtime.ImportModuleError', String(error), error.stack);
    }
    throw error;
  }
}

async function importFrom(taskRoot, name) {
  const path = resolve(taskRoot, name);
  const file = ['', '.js', '.mjs', '.cjs'].map((end) => path + end).find(isFile);
  // Relative to nothing: found through NODE_PATH (layers) or node_modules, or not at all.
  if (file === undefined) return notInTask(taskRoot, name);
  if (file.endsWith('.mjs') || (!file.endsWith('.cjs') && inModulePackage(file))) return importModule(file);
  try {
    return require(file);
  } catch (error) {
    if (error?.code === 'ERR_REQUIRE_ESM' || error?.code === 'ERR_REQUIRE_ASYNC_MODULE') return importModule(file);
    if (looksLikeModule(error)) return importModule(file);
    throw error;
  }
}

function importModule(file) {
  return import(pathToFileURL(file).href);
}

function notInTask(taskRoot, name) {
  const found = createRequire(join(taskRoot, 'index.js'));
  try {
    return found(found.resolve(name, { paths: [taskRoot] }));
  } catch (error) {
    if (error?.code !== 'MODULE_NOT_FOUND') throw error;
    const missing = new Error(`Cannot find module '${basename(name)}'\nRequire stack:\n- /var/runtime/index.mjs`);
    missing.code = 'MODULE_NOT_FOUND';
    throw missing;
  }
}

function isFile(path) {
  try {
    return existsSync(path) && require('node:fs').statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether the nearest package.json says "type": "module". */
function inModulePackage(file) {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    try {
      return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).type === 'module';
    } catch {
      if (folder === dirname(folder)) return false;
    }
  }
}

/** Node.js 20 does not look for `import` statements by itself. */
function looksLikeModule(error) {
  return error instanceof SyntaxError && /Cannot use import statement|Unexpected token 'export'/.test(error.message);
}

function exported(loaded, name, path) {
  const found = walk(loaded, path) ?? walk(loaded?.default, path);
  const shown = `${basename(name)}.${path}`;
  if (found === undefined || found === null) {
    throw runtimeError('Runtime.HandlerNotFound', `${shown} is undefined or not exported`);
  }
  if (typeof found !== 'function') throw runtimeError('Runtime.HandlerNotFound', `${shown} is not a function`);
  return found;
}

function walk(value, path) {
  return path.split('.').reduce((inner, key) => inner?.[key], value);
}

module.exports = { loadHandler };
