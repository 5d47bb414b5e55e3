/** What must hold of any policies and any question, tried with chance that repeats. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Decision, evaluate, type Question } from '../../src/iam/policy/evaluate.ts';
import { type Policy, policyOf } from '../../src/iam/policy/policy.ts';
import type { Caller } from '../../src/iam/policy/principal.ts';
import { dice } from '../harness/dice.ts';

const rounds = 3_000;

function world(seed: number) {
  const chance = dice(seed);
  const pick = <T>(...from: readonly [T, ...T[]]): T => from[Math.floor(chance() * from.length)] ?? from[0];
  const account = () => pick('111122223333', '444455556666');
  const resource = () => pick('*', `arn:aws:lambda:eu-west-1:${account()}:function:${pick('f', 'g', 'f:prod')}`);
  const pattern = () =>
    pick(resource(), 'arn:aws:lambda:*:*:function:f*', 'arn:aws:lambda', 'arn:aws:lambda:*:*:*:?rod');
  const action = () => pick('lambda:InvokeFunction', 'lambda:GetFunction', 's3:GetObject');
  const principal = () =>
    pick<unknown>(
      '*',
      { AWS: account() },
      { AWS: `arn:aws:iam::${account()}:user/${pick('ada', 'bob')}` },
      { Service: 's3.amazonaws.com' },
    );
  const condition = () =>
    pick<object>(
      {},
      { StringEquals: { 'aws:username': pick('ada', 'bob') } },
      { StringNotLike: { 'aws:username': 'a*' } },
      { Bool: { 'aws:SecureTransport': pick('true', 'false') } },
      { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } },
    );
  const statement = (kind: 'identity' | 'resource', effect = pick('Allow', 'Allow', 'Deny')) => ({
    Effect: effect,
    [pick('Action', 'Action', 'NotAction')]: pick(action(), 'lambda:*', '*', 'lambda:Get*'),
    [pick('Resource', 'Resource', 'NotResource')]: pattern(),
    Condition: condition(),
    ...(kind === 'resource' ? { [pick('Principal', 'Principal', 'NotPrincipal')]: principal() } : {}),
  });
  const statements = (kind: 'identity' | 'resource') =>
    Array.from({ length: 1 + Math.floor(chance() * 4) }, () => statement(kind));
  const caller = (): Caller => {
    const accountId = account();
    const name = pick('ada', 'bob');
    return pick<Caller>(
      { kind: 'user', accountId, arn: `arn:aws:iam::${accountId}:user/${name}` },
      { kind: 'user', accountId, arn: `arn:aws:iam::${accountId}:user/${name}` },
      { kind: 'service', accountId: '', arn: 's3.amazonaws.com' },
      { kind: 'anonymous', accountId: '', arn: '*' },
    );
  };
  const question = (): Question => {
    const who = caller();
    const context = new Map<string, string | readonly string[]>([['aws:securetransport', 'true']]);
    if (who.kind === 'user') context.set('aws:username', who.arn.split('/')[1] ?? '');
    if (chance() < 0.5) context.set('aws:tagkeys', [pick('a', 'b', 'c')]);
    return { caller: who, action: action(), resource: resource(), resourceAccountId: account(), context };
  };
  const shuffled = <T>(list: readonly T[]) =>
    list
      .map((each) => [chance(), each] as const)
      .sort(([a], [b]) => a - b)
      .map(([, each]) => each);
  return { chance, statement, statements, question, shuffled };
}

const made = (statements: readonly object[], kind: 'identity' | 'resource'): Policy =>
  policyOf(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind);

/** The same question before and after a change to the statements of both sides. */
function compare(
  seed: number,
  change: (side: readonly object[], kind: 'identity' | 'resource', of: ReturnType<typeof world>) => readonly object[],
  check: (before: Decision, after: Decision) => void,
): void {
  const of = world(seed);
  const identity = of.statements('identity');
  const resource = of.statements('resource');
  const question = of.question();
  const ask = (own: readonly object[], theirs: readonly object[]) =>
    evaluate(question, { identity: [made(own, 'identity')], resource: [made(theirs, 'resource')] });
  check(ask(identity, resource), ask(change(identity, 'identity', of), change(resource, 'resource', of)));
}

test('the order of statements does not matter', () => {
  for (let seed = 1; seed <= rounds; seed += 1) {
    compare(
      seed,
      (side, _, { shuffled }) => shuffled(side),
      (before, after) => assert.equal(after.effect, before.effect, `seed ${seed}`),
    );
  }
});

test('another Deny never allows more', () => {
  for (let seed = 1; seed <= rounds; seed += 1) {
    compare(
      seed,
      (side, kind, { statement }) => [...side, statement(kind, 'Deny')],
      (before, after) => assert.ok(before.effect === 'allowed' || after.effect !== 'allowed', `seed ${seed}`),
    );
  }
});

test('another Allow never denies, and never undoes an explicit Deny', () => {
  let allowed = 0;
  for (let seed = 1; seed <= rounds; seed += 1) {
    compare(
      seed,
      (side, kind, { statement }) => [statement(kind, 'Allow'), ...side],
      (before, after) => {
        if (before.effect === 'allowed') allowed += 1;
        if (before.effect !== 'implicit-deny') assert.equal(after.effect, before.effect, `seed ${seed}`);
      },
    );
  }
  assert.ok(allowed > rounds / 20, `only ${allowed} of ${rounds} were allowed: the cases say little`);
});

test('one document or many: policies add up', () => {
  for (let seed = 1; seed <= rounds; seed += 1) {
    const of = world(seed);
    const statements = of.statements('identity');
    const question = of.question();
    const asked = (identity: readonly Policy[]) => evaluate(question, { identity, resource: [] }).effect;
    assert.equal(
      asked(statements.map((each) => made([each], 'identity'))),
      asked([made(statements, 'identity')]),
      `seed ${seed}`,
    );
  }
});
