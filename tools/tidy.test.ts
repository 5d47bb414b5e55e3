/** The house rules that types and lint do not see. Each failure names the file and the rule (ARCHITECTURE.md). */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { bannedCalls, functionsLongerThan, isBarrel } from './tidy.ts';

const root = join(import.meta.dirname, '..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter((path) => path !== '' && exists(path));
const sources = files.filter((path) => /\.ts$/.test(path) && !path.startsWith('src/aws/models/'));
const inSrc = sources.filter((path) => path.startsWith('src/'));

/** What each folder of src may import, besides itself. `lambda` has rules of its own inside. */
const above = {
  base: [],
  config: ['base'],
  observe: ['base', 'config'],
  aws: ['base', 'config', 'observe'],
  iam: ['base', 'config', 'observe', 'aws'],
  store: ['base', 'config', 'observe', 'aws', 'iam'],
  delivery: ['base', 'observe', 'store'],
  patterns: [],
  services: ['base', 'config', 'observe', 'aws', 'iam', 'store', 'delivery', 'patterns'],
  lambda: ['base', 'config', 'observe', 'aws', 'iam', 'store', 'delivery', 'patterns'],
  ingress: ['base', 'config', 'observe', 'aws', 'iam', 'store', 'services', 'lambda'],
  // Puts the parts together, as server.ts does.
  composition: ['base', 'config', 'observe', 'aws', 'iam', 'store', 'delivery', 'services', 'lambda', 'ingress'],
  // Talks to the server over the wire only; `keys` alone reads the folder of kept data, and checks policies.
  cli: ['base', 'config', 'observe', 'aws', 'iam', 'store'],
} as const satisfies Record<string, readonly string[]>;

const withinLambda = {
  model: [],
  lifecycle: ['model'],
  runtimes: ['model', 'lifecycle', 'environments'],
  environments: ['model', 'lifecycle', 'runtimes'],
  invoke: ['model', 'lifecycle', 'environments', 'runtimes'],
  sources: ['model', 'lifecycle', 'environments', 'runtimes', 'invoke'],
  reconcile: ['model', 'lifecycle', 'environments', 'runtimes', 'invoke'],
  api: ['model', 'lifecycle', 'environments', 'runtimes', 'invoke', 'sources', 'reconcile'],
} as const satisfies Record<string, readonly string[]>;

/** Interfaces stated in `lambda` (and `delivery/parcel.ts`) that what is below keeps or serves: types only, so nothing is loaded. */
const statedInLambda = /^src\/lambda\/(model\/|invoke\/(async-store|meter)\.ts$)/;

/** Of these the values too, in store: an error that is told by its class, numbers, lists. */
const plainInModel = /^src\/lambda\/model\/(code-store|limits|resources)\.ts$/;

test('imports point down', () => {
  assert.deepEqual(inSrc.flatMap(wrongImports), []);
});

test('no file is a barrel', () => {
  assert.deepEqual(
    sources.filter((path) => isBarrel(read(path))),
    [],
  );
});

test('no folder or file is named for nothing', () => {
  const forbidden = /(^|\/)(utils?|common|shared|core|managers?|helpers?|misc|lib)(\/|\.ts$)/;
  assert.deepEqual(
    sources.filter((path) => forbidden.test(path)),
    [],
  );
});

test('no file is over 400 lines', () => {
  const long = sources.map((path) => `${path}: ${read(path).split('\n').length - 1} lines`);
  assert.deepEqual(
    long.filter((line) => Number(/: (\d+) lines/.exec(line)?.[1]) > 400),
    [],
  );
});

test('no function is over 70 lines', () => {
  // A contract's function and a `describe` are lists of tests, as a test file is.
  const functions = sources.filter((path) => !isContract(path));
  // A test reads from top to bottom and is called by nobody; tables of cases make it longer.
  const max = (path: string) => (path.endsWith('.test.ts') ? 100 : 70);
  const long = functions.flatMap((path) =>
    functionsLongerThan(max(path), read(path)).map((where) => `${path}: ${where}`),
  );
  assert.deepEqual(
    long.filter((where) => !/\.test\.ts: .*: describe\(/.test(where)),
    [],
  );
});

test('time and chance come in by the front door', () => {
  // A bootstrap runs inside an environment, a program of its own without our base; tests measure.
  const own = (path: string) => path.startsWith('src/base/') || /bootstrap/.test(path) || isForTests(path);
  // Says how far npm has come with a download: nothing waits for it, so no simulation needs to hold its time.
  const allowed = new Set(['src/lambda/runtimes/nodejs/packages.ts: setTimeout or setInterval']);
  const wrong = inSrc
    .filter((path) => !own(path))
    .flatMap((path) => bannedCalls(read(path)).map((call) => `${path}: ${call}`));
  assert.deepEqual(
    wrong.filter((where) => !allowed.has(where)),
    [],
  );
});

test('nothing names a machine or a registry', () => {
  const text = files.filter(
    (path) => /\.(ts|mjs|cjs|js|json|md|py|sh|yml|yaml|html|txt)$/.test(path) || !path.includes('.'),
  );
  const machine = new RegExp(
    ['/ro' + 'ot/', '/wo' + 'rk/', '/ho' + 'me/(?!sbx_user)[a-z]', '/Us' + 'ers/[a-z]'].join('|'),
  );
  const registry = new RegExp(
    ['registry\\.np' + 'mjs', 'registry\\.ya' + 'rnpkg', 'py' + 'pi\\.org', 'jf' + 'rog', 'ne' + 'xus'].join('|'),
    'i',
  );
  const wrong = text.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) =>
        machine.test(line) || registry.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 100)}`] : [],
      ),
  );
  assert.deepEqual(wrong, []);
});

test('lock files hold no URLs', () => {
  const locks = files.filter((path) => path.endsWith('package-lock.json'));
  assert.deepEqual(
    locks.filter((path) => /"resolved"|https?:\/\/[^"]*\.tgz/.test(read(path))),
    [],
  );
});

test('every dependency is pinned and explained in ARCHITECTURE.md', () => {
  const description = JSON.parse(read('package.json'));
  const all = { ...description.dependencies, ...description.devDependencies, ...description.optionalDependencies };
  const page = read('ARCHITECTURE.md');
  const wrong = Object.entries<string>(all).flatMap(([name, range]) => [
    ...(/^\d+\.\d+\.\d+$/.test(range) ? [] : [`${name} is not pinned: ${range}`]),
    ...(page.includes(`\`${name}\``) ? [] : [`${name} is not in ARCHITECTURE.md`]),
  ]);
  assert.deepEqual(wrong, []);
});

/** The suite that every implementation of an interface passes: `contract.ts` and the folder beside it. */
function isContract(path: string): boolean {
  return /\/contract(\.ts$|\/)/.test(path);
}

function isForTests(path: string): boolean {
  return /\.test\.ts$|\/testing\//.test(path) || isContract(path) || read(path).startsWith('/** For tests');
}

function wrongImports(path: string): string[] {
  const [, from = '', inner = ''] = path.split('/');
  if (!path.includes('/', 'src/'.length)) return [];
  return importsOf(path).flatMap(({ target, typeOnly }) => {
    const [, to = '', innerTo = ''] = target.split('/');
    if (from === 'lambda' && to === 'lambda') return wrongWithin(path, target, inner, innerTo, typeOnly);
    if (from === to) return from === 'services' ? betweenServices(path, target, inner, innerTo) : [];
    if (typeOnly && (statedInLambda.test(target) || target === 'src/delivery/parcel.ts')) return [];
    if (from === 'store' && plainInModel.test(target)) return [];
    return allows(above, from, to) ? [] : [`${path} imports ${target}: src/${from} must not know src/${to}`];
  });
}

function wrongWithin(path: string, target: string, from: string, to: string, typeOnly: boolean): string[] {
  // `lambda/compose.ts` puts the parts together; tests start real parts; an interface may be named from anywhere.
  if (from.endsWith('.ts') || from === to || typeOnly || isForTests(path)) return [];
  return allows(withinLambda, from, to) ? [] : [`${path} imports ${target}: lambda/${from} must not know lambda/${to}`];
}

function betweenServices(path: string, target: string, from: string, to: string): string[] {
  return from === to || to.endsWith('.ts') ? [] : [`${path} imports ${target}: services do not know each other`];
}

function allows(rules: Readonly<Record<string, readonly string[]>>, from: string, to: string): boolean {
  // The program's own description (version) is anybody's to read.
  return to === '' || to.endsWith('.json') || (rules[from]?.includes(to) ?? false);
}

function importsOf(path: string): { target: string; typeOnly: boolean }[] {
  const pattern = /^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gm;
  return [...read(path).matchAll(pattern)].map(([, type, from, lazy]) => ({
    target: normalize(join(dirname(path), from ?? lazy ?? '')),
    typeOnly: type !== undefined,
  }));
}

function exists(path: string): boolean {
  try {
    readFileSync(join(root, path));
    return true;
  } catch {
    return false;
  }
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
