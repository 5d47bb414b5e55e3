import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Asked, answering } from './testing/answers.ts';
import { lambent } from './testing/terminal.ts';

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:hello';
const live = {
  Name: 'live',
  AliasArn: `${arn}:live`,
  FunctionVersion: '1',
  RoutingConfig: { AdditionalVersionWeights: { 2: 0.125 } },
};
const notThere = {
  status: 404,
  headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
  json: { Message: `Alias not found: ${arn}:new` },
};

/** A server with two versions and an alias. */
function answer({ method, url, body }: Asked) {
  if (url.includes('/aliases/new') && method !== 'POST') return notThere;
  if (url.includes('/aliases') && method === 'GET') return { json: { Aliases: [live] } };
  if (url.includes('/aliases')) return { json: { ...JSON.parse(body || '{}'), AliasArn: `${arn}:set` } };
  if (url.endsWith('/configuration')) return { json: { State: 'Active', FunctionArn: arn } };
  if (method === 'POST') return { json: { Version: '3', FunctionArn: `${arn}:3` } };
  const versions = ['$LATEST', '1', '2'].map((Version) => ({ Version, MemorySize: 128, Timeout: 3, CodeSize: 2048 }));
  if (url.includes('Marker=')) return { json: { Versions: versions.slice(1) } };
  return { json: { Versions: versions.slice(0, 1), NextMarker: 'more' } };
}

test('versions reads every page and says which aliases lead where', async () => {
  await using server = await answering(answer);
  const { code, stdout } = await lambent(['versions', 'hello', '--endpoint', server.url]);
  assert.equal(code, 0);
  assert.match(stdout, /^\$LATEST +2\.0 KB +128 MB +3 s/m);
  assert.match(stdout, /^1 +live 87\.5% +2\.0 KB/m);
  assert.match(stdout, /^2 +live 12\.5% +2\.0 KB/m);
  const json = await lambent(['versions', 'hello', '--json', '--endpoint', server.url]);
  assert.equal(JSON.parse(json.stdout).length, 3);
});

test('versions --publish waits, publishes, and prints the ARN alone', async () => {
  await using server = await answering(answer);
  const args = ['versions', 'hello', '--publish', '--description', 'so', '--endpoint', server.url];
  assert.deepEqual(await lambent(args), { code: 0, stdout: `${arn}:3\n`, stderr: '' });
  const [asked, published] = server.asked;
  assert.match(asked?.url ?? '', /configuration$/);
  assert.deepEqual([published?.url, published?.body], ['/2015-03-31/functions/hello/versions', '{"Description":"so"}']);
});

test('versions --delete names the version as the qualifier', async () => {
  await using server = await answering(answer);
  assert.equal((await lambent(['versions', 'hello', '--delete', '2', '--endpoint', server.url])).code, 0);
  const [{ method, url } = { method: '', url: '' }] = server.asked;
  assert.deepEqual([method, url], ['DELETE', '/2015-03-31/functions/hello?Qualifier=2']);
});

test('aliases lists in a table and as JSON, and says how to make the first', async () => {
  await using server = await answering(answer);
  const { stdout } = await lambent(['aliases', 'hello', '--endpoint', server.url]);
  assert.match(stdout, /^live +1 87\.5%, 2 12\.5%$/m);
  const json = await lambent(['aliases', 'hello', '--json', '--endpoint', server.url]);
  assert.deepEqual(JSON.parse(json.stdout), [live]);
  await using empty = await answering(() => ({ json: {} }));
  const none = await lambent(['aliases', 'hello', '--endpoint', empty.url]);
  assert.match(none.stdout, /^No aliases yet; create one with: lambent aliases hello set ALIAS VERSION$/m);
});

const routes: readonly [words: string[], version: string, weights: object, printed: string][] = [
  [['2'], '2', {}, '2'],
  [['$LATEST'], '$LATEST', {}, '$LATEST'],
  [['2', '3=0.1'], '2', { 3: 0.1 }, '2 90%, 3 10%'],
  [['2', '3=12.5%'], '2', { 3: 0.125 }, '2 87.5%, 3 12.5%'],
  [['2=0.9', '3=.1'], '2', { 3: 0.1 }, '2 90%, 3 10%'],
  [['2=1'], '2', {}, '2'],
  [['2', '3=0'], '2', { 3: 0 }, '2 100%, 3 0%'],
];
for (const [words, FunctionVersion, AdditionalVersionWeights, printed] of routes) {
  test(`aliases set live ${words.join(' ')} leads to ${printed}`, async () => {
    await using server = await answering(answer);
    const { code, stdout } = await lambent(['aliases', 'hello', 'set', 'live', ...words, '--endpoint', server.url]);
    assert.deepEqual([code, stdout], [0, `${arn}:set ${printed}\n`]);
    const [{ method, url, body } = { method: '', url: '', body: '' }] = server.asked;
    assert.deepEqual([method, url], ['PUT', '/2015-03-31/functions/hello/aliases/live']);
    assert.deepEqual(JSON.parse(body), { FunctionVersion, RoutingConfig: { AdditionalVersionWeights } });
  });
}

test('aliases set makes one that is not there', async () => {
  await using server = await answering(answer);
  const args = ['aliases', 'hello', 'set', 'new', '1', '--description', 'for people', '--endpoint', server.url];
  assert.equal((await lambent(args)).code, 0);
  const [, made] = server.asked;
  assert.deepEqual([made?.method, made?.url], ['POST', '/2015-03-31/functions/hello/aliases']);
  const { Name, Description } = JSON.parse(made?.body ?? '');
  assert.deepEqual([Name, Description], ['new', 'for people']);
});

test('aliases delete says when there was none', async () => {
  await using server = await answering(answer);
  assert.equal((await lambent(['aliases', 'hello', 'delete', 'live', '--endpoint', server.url])).code, 0);
  const missing = await lambent(['aliases', 'hello', 'delete', 'new', '--endpoint', server.url]);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /Alias not found/);
});

const mistakes: readonly [words: string[], said: RegExp][] = [
  [['make', 'live'], /Cannot make an alias: expected set or delete/],
  [['set'], /ALIAS is missing/],
  [['set', 'live'], /VERSION is missing/],
  [['set', 'live', 'two'], /Cannot use "two": expected a version/],
  [['set', 'live', '1', '2'], /Cannot tell the share of version 2: write it as 2=0\.1/],
  [['set', 'live', '1', '2=1.5'], /a weight is from 0 to 1/],
  [['set', 'live', '1', '2=120%'], /a weight is from 0 to 1/],
  [['set', 'live', '1=0.5', '2=0.4'], /the shares make 90%/],
  [['set', 'live', '1=0.5'], /the shares make 50%/],
  [['set', 'live', '1', '2=0.1', '3=0.1'], /two at most/],
  [['delete', 'live', '1'], /nothing is expected there/],
];
for (const [words, said] of mistakes) {
  test(`aliases ${words.join(' ')} is a mistake, and nothing is sent`, async () => {
    await using server = await answering(answer);
    const { code, stderr } = await lambent(['aliases', 'hello', ...words, '--endpoint', server.url]);
    assert.equal(code, 64);
    assert.match(stderr, said);
    assert.equal(server.asked.length, 0);
  });
}
