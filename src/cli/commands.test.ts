import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answering } from './testing/answers.ts';
import { lambent } from './testing/terminal.ts';

const notFound = {
  status: 404,
  headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
  json: { Type: 'User', Message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:gone' },
};

test('help answers on standard output, mistakes on standard error with code 64', async () => {
  const help = await lambent(['--help']);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /up +Start the server/);
  const wrong = await lambent(['deplyo']);
  assert.deepEqual([wrong.code, wrong.stdout], [64, '']);
  assert.match(wrong.stderr, /Unknown command deplyo; did you mean deploy\?/);
  assert.equal((await lambent(['invoke'])).code, 64);
  assert.equal((await lambent(['functions', 'surplus'])).code, 64);
  assert.equal((await lambent(['functions', '--endpoint', 'nowhere'])).code, 64);
});

test('every command has a help page', async () => {
  const { stdout } = await lambent(['--help']);
  const names = [...stdout.matchAll(/^ {2}(\w+) {2,}[A-Z]/gm)].map(([, name = '']) => name);
  assert.ok(names.length >= 8);
  for (const name of names) {
    const page = await lambent([name, '--help']);
    assert.equal(page.code, 0);
    assert.match(page.stdout, new RegExp(`Usage: lambent ${name}`));
  }
});

test('a server that does not run is said so, with what to do', async () => {
  const server = await answering(() => ({}));
  await server[Symbol.asyncDispose]();
  const { code, stderr } = await lambent(['status', '--endpoint', server.url]);
  assert.equal(code, 69);
  assert.equal(stderr, `lambent: cannot reach ${server.url}: connection refused; start it with: lambent up\n`);
});

test('the endpoint comes from the environment', async () => {
  await using server = await answering(() => ({ json: { status: 'ok', inner: { port: 1 } } }));
  for (const name of ['LAMBENT_ENDPOINT', 'AWS_ENDPOINT_URL']) {
    const { code, stdout } = await lambent(['status'], { env: { [name]: server.url } });
    assert.equal(code, 0);
    assert.match(stdout, /inner\.port +1/);
  }
});

test('functions reads every page', async () => {
  await using server = await answering(({ url }) =>
    url.includes('Marker=two')
      ? {
          json: {
            Functions: [{ FunctionName: 'b', Runtime: 'python3.13', MemorySize: 256, Timeout: 3, CodeSize: 10 }],
          },
        }
      : { json: { Functions: [{ FunctionName: 'a\u001b[2J' }], NextMarker: 'two' } },
  );
  const { stdout } = await lambent(['functions', '--endpoint', server.url]);
  assert.match(stdout, /^a /m);
  assert.match(stdout, /^b +python3.13 +256 MB/m);
  const json = await lambent(['functions', '--json', '--endpoint', server.url]);
  assert.equal(JSON.parse(json.stdout).length, 2);
});

test('invoke prints the answer alone on standard output and tells a failed function by its code', async () => {
  const log = Buffer.from('START\nhello\u0007\nEND\n').toString('base64');
  await using server = await answering(({ body }) => ({
    headers: { 'x-amz-log-result': log, ...(body === '1' && { 'x-amz-function-error': 'Unhandled' }) },
    json: { body },
  }));
  const good = await lambent(['invoke', 'f', '--payload', '-', '--endpoint', server.url], { stdin: '{"a":1}' });
  assert.deepEqual([good.code, good.stdout], [0, '{"body":"{\\"a\\":1}"}']);
  assert.match(good.stderr, /hello\u{fffd}/u);
  const bad = await lambent(['invoke', 'f', '-q', '--payload', '1', '--endpoint', server.url]);
  assert.equal(bad.code, 2);
  assert.equal(bad.stderr, 'lambent: the function failed (Unhandled)\n');
  assert.equal((await lambent(['invoke', 'f', '--payload', '{a}', '--endpoint', server.url])).code, 64);
  assert.equal(server.asked.length, 2);
});

test('an AWS error is shown by its name, and anything else as what it is', async () => {
  await using refusing = await answering(() => notFound);
  const refused = await lambent(['invoke', 'gone', '--endpoint', refusing.url]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /ResourceNotFoundException: Function not found/);
  await using other = await answering(() => ({ status: 500, json: 'oops' }));
  assert.equal((await lambent(['invoke', 'gone', '--endpoint', other.url])).code, 65);
});

test('logs follows without showing a line twice, and ends when asked', async () => {
  const end = new AbortController();
  let reads = 0;
  const event = (eventId: string, timestamp: number) => ({ eventId, timestamp, message: `line ${eventId}\n` });
  const now = Date.now();
  await using server = await answering(({ url }) => {
    if (url !== '/') return { json: { LoggingConfig: { LogGroup: '/own/group' } } };
    reads += 1;
    return {
      json: { events: reads === 1 ? [event('a', now)] : [event('a', now), event('b', now), event('c', now + 1)] },
    };
  });
  const { code, stdout } = await lambent(['logs', 'f', '--follow', '--endpoint', server.url], {
    signal: end.signal,
    onOutput: (text) => text.includes('line c') && end.abort(),
  });
  assert.equal(code, 0);
  assert.deepEqual(stdout.match(/line \w/g), ['line a', 'line b', 'line c']);
  const [, first, second] = server.asked.map(({ body }) => (body === '' ? {} : JSON.parse(body)));
  assert.equal(first.logGroupName, '/own/group');
  assert.equal(second.startTime, now);
});

test('usage adds up by function, and shows months, prices and what is left of the free tier', async () => {
  const row = {
    functionName: 'f',
    version: '$LATEST',
    day: '2026-11-23',
    requests: 2,
    billedMs: 100,
    gbSeconds: 0.0125,
  };
  const month = {
    month: '2026-11',
    requests: 4,
    gbSecondsX86: 0.025,
    listPrice: { total: 0.0000012 },
    afterFreeTier: { total: 0 },
    freeTier: { requests: { used: 250_000, of: 1_000_000 }, gbSeconds: { used: 0.025, of: 400_000 } },
  };
  const answer = { rows: [row, { ...row, day: '2026-11-24' }], months: [month] };
  await using server = await answering(() => ({ json: answer }));
  const { stdout } = await lambent(['usage', '--endpoint', server.url]);
  assert.match(stdout, /^f +4 +200 ms +0\.025$/m);
  assert.match(stdout, /^2026-11 +4 +0\.025 .* \$0\.0000012 +\$0\.00$/m);
  assert.match(stdout, /^Requests +25\.0 % +250,000 of 1,000,000$/m);
  assert.deepEqual(JSON.parse((await lambent(['usage', '--json', '--endpoint', server.url])).stdout), answer);
  assert.equal((await lambent(['usage', '--month', '2026-13', '--endpoint', server.url])).code, 64);
  assert.equal((await lambent(['usage', '--from', '2026-13-01', '--endpoint', server.url])).code, 64);
});
