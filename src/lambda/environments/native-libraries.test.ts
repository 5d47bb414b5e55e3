import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bringsNativeLibraries } from './native-libraries.ts';

test('Shared libraries are seen in lib/ of the package and of the layers, and nothing else is taken for one', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-native-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const place = (name: string, file?: string) => {
    const path = join(folder, name);
    mkdirSync(join(path, 'lib'), { recursive: true });
    if (file !== undefined) writeFileSync(join(path, file), '');
    return path;
  };
  const plain = place('plain', 'lib/also.js');
  const versioned = place('versioned', 'lib/libfoo.so.1.2');
  assert.equal(bringsNativeLibraries({ task: join(folder, 'none') }), false);
  assert.equal(bringsNativeLibraries({ task: place('empty'), opt: place('flat', 'libfoo.so') }), false);
  assert.equal(bringsNativeLibraries({ task: place('own', 'lib/foo.so') }), true);
  assert.equal(bringsNativeLibraries({ task: place('empty'), opt: versioned }), true);
  assert.equal(bringsNativeLibraries({ task: plain }), false);
});
