import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest, readArguments } from './flags.ts';

const shapes = {
  port: { placeholder: 'N', short: 'p' },
  follow: { short: 'f' },
  env: { placeholder: 'KEY=VALUE', multiple: true },
};

test('flags, switches, lists and operands are told apart', () => {
  const given = readArguments(['one', '--port', '1', '-f', '--env', 'A=1', '--env=B=2', '--', '--port'], shapes);
  assert.deepEqual(given.flags, { port: '1', follow: true });
  assert.deepEqual(given.lists, { env: ['A=1', 'B=2'] });
  assert.deepEqual(given.positionals, ['one', '--port']);
});

test('the last of several values counts', () => {
  assert.equal(readArguments(['--port', '1', '-p', '2'], shapes).flags.port, '2');
});

test('what is wrong is said, with what was probably meant', () => {
  const wrong: [argv: string[], message: RegExp][] = [
    [['--prot', '1'], /Unknown flag --prot; did you mean --port\?/],
    [['--fol'], /Unknown flag --fol; did you mean --follow\?/],
    [['--completely-else'], /Unknown flag --completely-else$/],
    [['--constructor'], /Unknown flag/],
    [['--port'], /--port: it needs a value, N/],
    [['--follow=yes'], /--follow takes no value/],
  ];
  for (const [argv, message] of wrong)
    assert.throws(() => readArguments(argv, shapes), { name: 'UsageError', message });
});

test('only a near word is suggested', () => {
  assert.equal(nearest('deplyo', ['deploy', 'logs']), 'deploy');
  assert.equal(nearest('x', ['deploy', 'logs']), undefined);
  assert.equal(nearest('lambda', ['deploy', 'logs']), undefined);
});
