import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { guess } from './guess.ts';
import { packageFolder } from './package-folder.ts';
import { type Answer, answering } from './testing/answers.ts';
import { lambent } from './testing/terminal.ts';

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lambent-deploy-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

test('a package holds the files with their modes and links, and not the repository', async () => {
  const folder = await folderWith({ 'index.mjs': 'x', 'bin/run': '#!/bin/sh\n', '.git/HEAD': 'ref', 'a/b/c.txt': 'ü' });
  try {
    await chmod(join(folder, 'bin/run'), 0o700);
    await chmod(join(folder, 'index.mjs'), 0o600);
    await symlink('../index.mjs', join(folder, 'bin/link'));
    const { zip, files } = await packageFolder(folder);
    assert.equal(files, 4);
    const list = `
import io, sys, zipfile
archive = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
for entry in archive.infolist(): print(entry.filename, oct(entry.external_attr >> 16), archive.read(entry).decode())
`;
    const read = spawnSync('python3', ['-c', list], { input: zip, encoding: 'utf8' });
    assert.equal(
      read.stdout,
      'a/b/c.txt 0o100644 ü\nbin/link 0o120777 ../index.mjs\nbin/run 0o100755 #!/bin/sh\n\nindex.mjs 0o100644 x\n',
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the same files make the same bytes, whenever they were written', async () => {
  const folder = await folderWith({ 'b.py': 'b', 'a.py': 'a' });
  try {
    const first = await packageFolder(folder);
    await utimes(join(folder, 'a.py'), 1, 1);
    assert.ok(first.zip.equals((await packageFolder(folder)).zip));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a link that leaves the folder and an empty folder are refused', async () => {
  const folder = await folderWith({});
  try {
    await assert.rejects(packageFolder(folder), /there is no file in it/);
    await symlink('../secret', join(folder, 'link'));
    await assert.rejects(packageFolder(folder), /leads out of the folder, to \.\.\/secret/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the runtime is guessed from what lies in the folder', () => {
  const cases: [files: string[], facts: { main?: string; python?: string }, expected: string | undefined][] = [
    [['bootstrap', 'index.js'], {}, 'provided.al2023 bootstrap'],
    [['index.mjs'], {}, 'nodejs24.x index.handler'],
    [['package.json', 'src'], { main: './src/app.cjs' }, 'nodejs24.x src/app.handler'],
    [['lambda_function.py', 'other.py'], { python: '3.11' }, 'python3.11 lambda_function.lambda_handler'],
    [['resize.py'], {}, 'python3.13 resize.handler'],
    [['one.py', 'two.py'], {}, undefined],
    [['README.md'], {}, undefined],
  ];
  for (const [files, facts, expected] of cases) {
    const found = guess({ files, ...facts });
    assert.equal(found && `${found.runtime} ${found.handler}`, expected, files.join());
  }
});

test('a new function is created and waited for; its ARN is all of standard output', async () => {
  const folder = await folderWith({ 'index.mjs': 'export const handler = () => 1;' });
  let made = false;
  let looks = 0;
  await using server = await answering(({ method }): Answer => {
    if (method === 'POST') made = true;
    else looks += 1;
    if (!made) return { status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } };
    return { json: { FunctionArn: 'arn:x', State: looks < 4 ? 'Pending' : 'Active' } };
  });
  try {
    const flags = ['--name', 'hello', '--memory', '256', '--env', 'A=1=2', '--endpoint', server.url];
    const { code, stdout } = await lambent(['deploy', folder, ...flags]);
    assert.deepEqual([code, stdout], [0, 'arn:x\n']);
    const created = JSON.parse(server.asked.find(({ method }) => method === 'POST')?.body ?? '');
    assert.equal(created.Runtime, 'nodejs24.x');
    assert.equal(created.Handler, 'index.handler');
    assert.equal(created.MemorySize, 256);
    assert.deepEqual(created.Environment, { Variables: { A: '1=2' } });
    assert.equal(Buffer.from(created.Code.ZipFile, 'base64').subarray(0, 2).toString(), 'PK');
    assert.ok(looks >= 4);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('an existing function gets new code, and only the configuration that was named', async () => {
  const folder = await folderWith({ 'index.mjs': 'x' });
  await using server = await answering(() => ({
    json: { FunctionArn: 'arn:x', State: 'Active', LastUpdateStatus: 'Successful' },
  }));
  try {
    await lambent(['deploy', folder, '--name', 'hello', '--timeout', '9', '--endpoint', server.url]);
    const changes = server.asked.filter(({ method }) => method !== 'GET');
    assert.deepEqual(
      changes.map(({ method, url }) => `${method} ${url}`),
      ['PUT /2015-03-31/functions/hello/code', 'PUT /2015-03-31/functions/hello/configuration'],
    );
    assert.deepEqual(JSON.parse(changes[1]?.body ?? ''), { Timeout: 9 });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a deploy that failed is said with its reason, and the next one may put it right', async () => {
  const folder = await folderWith({ 'index.mjs': 'x' });
  const failed = { State: 'Active', LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'no such runtime here' };
  let changed = 0;
  await using server = await answering(({ method }) => {
    if (method === 'PUT') changed += 1;
    return { json: changed < 2 ? failed : { ...failed, LastUpdateStatus: 'Successful', FunctionArn: 'arn:x' } };
  });
  try {
    const line = ['deploy', folder, '--name', 'hello', '--endpoint', server.url];
    const first = await lambent(line);
    assert.equal(first.code, 1);
    assert.match(first.stderr, /Function hello could not be updated: no such runtime here/);
    assert.equal((await lambent(line)).code, 0);
  } finally {
    await rm(folder, { recursive: true });
  }
});
