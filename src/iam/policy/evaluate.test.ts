// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of policies look like this
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from './evaluate.ts';
import { policyOf } from './policy.ts';
import type { Caller } from './principal.ts';

const ours = '111122223333';
const callers: Readonly<Record<string, Caller>> = {
  root: { kind: 'root', accountId: ours, arn: `arn:aws:iam::${ours}:root` },
  ada: { kind: 'user', accountId: ours, arn: `arn:aws:iam::${ours}:user/ada` },
  session: { kind: 'role', accountId: ours, arn: `arn:aws:sts::${ours}:assumed-role/worker/s1` },
  eve: { kind: 'user', accountId: '999999999999', arn: 'arn:aws:iam::999999999999:user/eve' },
  s3: { kind: 'service', accountId: '', arn: 's3.amazonaws.com' },
  logs: { kind: 'service', accountId: '', arn: 'logs.eu-west-1.amazonaws.com' },
  nobody: { kind: 'anonymous', accountId: '', arn: '*' },
};

const fn = `arn:aws:lambda:eu-west-1:${ours}:function:f`;
const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
const allow = (Principal: unknown, more: object = {}) => ({
  ...{ Sid: 'yes', Effect: 'Allow', Principal, Action: 'lambda:InvokeFunction', Resource: fn },
  ...more,
});
const deny = (more: object = {}) => ({ Effect: 'Deny', Action: 'lambda:*', Resource: '*', ...more });

interface Case {
  readonly who: string;
  readonly identity?: readonly object[];
  readonly resource?: readonly object[];
  readonly action?: string;
  readonly on?: string;
  readonly is: string;
}

/** One line a rule: who asks, what either side says, and what comes out. */
const cases: readonly Case[] = [
  { who: 'root', is: 'allowed by identity' },
  { who: 'root', resource: [deny({ Principal: '*' })], is: 'explicit-deny by resource' },
  { who: 'ada', is: 'implicit-deny missing identity' },
  { who: 'ada', identity: [everything], is: 'allowed by identity' },
  { who: 'ada', identity: [everything, deny()], is: 'explicit-deny by identity' },
  {
    who: 'ada',
    identity: [everything],
    resource: [deny({ Principal: { AWS: ours } })],
    is: 'explicit-deny by resource',
  },
  {
    who: 'ada',
    identity: [everything],
    resource: [deny({ Principal: { Service: 's3.amazonaws.com' } })],
    is: 'allowed by identity',
  },
  { who: 'ada', resource: [allow({ AWS: callers.ada?.arn })], is: 'allowed by resource' },
  { who: 'ada', resource: [allow('*')], is: 'allowed by resource' },
  // Naming the account leaves it to the account's own policies.
  { who: 'ada', resource: [allow({ AWS: ours })], is: 'implicit-deny missing identity' },
  { who: 'ada', resource: [allow({ AWS: `arn:aws:iam::${ours}:root` })], is: 'implicit-deny missing identity' },
  { who: 'session', resource: [allow({ AWS: `arn:aws:iam::${ours}:role/path/worker` })], is: 'allowed by resource' },
  { who: 'session', resource: [allow({ AWS: callers.session?.arn })], is: 'allowed by resource' },
  {
    who: 'session',
    resource: [allow({ AWS: `arn:aws:iam::${ours}:role/other` })],
    is: 'implicit-deny missing identity',
  },
  // Across accounts both must allow.
  { who: 'eve', identity: [everything], is: 'implicit-deny missing resource' },
  { who: 'eve', resource: [allow({ AWS: '999999999999' })], is: 'implicit-deny missing identity' },
  { who: 'eve', identity: [everything], resource: [allow({ AWS: '999999999999' })], is: 'allowed by resource' },
  { who: 'eve', identity: [everything], resource: [allow({ AWS: callers.eve?.arn })], is: 'allowed by resource' },
  { who: 'eve', identity: [everything], resource: [allow({ AWS: ours })], is: 'implicit-deny missing resource' },
  {
    who: 'eve',
    identity: [everything],
    resource: [allow('*'), deny({ NotPrincipal: { AWS: ours } })],
    is: 'explicit-deny by resource',
  },
  // Services and the unknown: the resource alone.
  { who: 's3', is: 'implicit-deny missing resource' },
  { who: 's3', resource: [allow({ Service: 's3.amazonaws.com' })], is: 'allowed by resource' },
  { who: 's3', resource: [allow({ Service: 'sns.amazonaws.com' })], is: 'implicit-deny missing resource' },
  { who: 's3', resource: [allow({ AWS: '*' })], is: 'implicit-deny missing resource' },
  { who: 's3', resource: [allow('*')], is: 'allowed by resource' },
  { who: 'logs', resource: [allow({ Service: 'logs.amazonaws.com' })], is: 'allowed by resource' },
  { who: 'nobody', resource: [allow({ AWS: ours })], is: 'implicit-deny missing resource' },
  { who: 'nobody', resource: [allow('*')], is: 'allowed by resource' },
  // Actions without regard to case; resources by their parts.
  { who: 'ada', identity: [{ ...everything, Action: 'LAMBDA:invoke*' }], is: 'allowed by identity' },
  { who: 'ada', identity: [{ ...everything, Action: 'lambda:Get?unction' }], is: 'implicit-deny missing identity' },
  {
    who: 'ada',
    identity: [{ ...everything, Action: 'lambda:Get?unction' }],
    action: 'lambda:GetFunction',
    is: 'allowed by identity',
  },
  { who: 'ada', identity: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], is: 'allowed by identity' },
  {
    who: 'ada',
    identity: [{ Effect: 'Allow', NotAction: 'lambda:*', Resource: '*' }],
    is: 'implicit-deny missing identity',
  },
  { who: 'ada', identity: [{ Effect: 'Allow', Action: '*', NotResource: fn }], is: 'implicit-deny missing identity' },
  { who: 'ada', identity: [{ Effect: 'Allow', Action: '*', NotResource: `${fn}2` }], is: 'allowed by identity' },
  { who: 'ada', identity: [{ ...everything, Resource: 'arn:aws:lambda:*:*:function:f' }], is: 'allowed by identity' },
  { who: 'ada', identity: [{ ...everything, Resource: 'arn:aws:lambda' }], is: 'allowed by identity' },
  {
    who: 'ada',
    identity: [{ ...everything, Resource: 'arn:aws:lambda:*:function:f' }],
    is: 'implicit-deny missing identity',
  },
  { who: 'ada', identity: [{ ...everything, Resource: fn }], on: `${fn}:prod`, is: 'implicit-deny missing identity' },
  { who: 'ada', identity: [{ ...everything, Resource: `${fn}:*` }], on: `${fn}:prod`, is: 'allowed by identity' },
  { who: 'ada', identity: [{ ...everything, Resource: `${fn}:*` }], is: 'implicit-deny missing identity' },
  // What has no resource needs `*`.
  {
    who: 'ada',
    identity: [{ ...everything, Resource: 'arn:aws:lambda:*:*:*' }],
    on: '*',
    is: 'implicit-deny missing identity',
  },
  { who: 'ada', identity: [everything], on: '*', is: 'allowed by identity' },
  {
    who: 'ada',
    identity: [{ ...everything, Resource: 'arn:aws:lambda:*:*:function:${aws:username}' }],
    on: fn.replace(/f$/, 'ada'),
    is: 'allowed by identity',
  },
];

function outcome({ who, identity = [], resource = [], action = 'lambda:InvokeFunction', on = fn }: Case): string {
  const caller = callers[who];
  assert.ok(caller);
  const written = (statements: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const context = new Map([['aws:username', who]]);
  const decision = evaluate(
    { caller, action, resource: on, resourceAccountId: ours, context },
    {
      identity: caller.kind === 'root' ? 'everything' : identity.map((each) => policyOf(written([each]), 'identity')),
      resource: resource.length === 0 ? [] : [policyOf(written(resource), 'resource')],
    },
  );
  return decision.effect === 'implicit-deny'
    ? `implicit-deny missing ${decision.missing}`
    : `${decision.effect} by ${decision.by}`;
}

test('who may do what', () => {
  for (const each of cases) assert.equal(outcome(each), each.is, JSON.stringify(each));
});

test('the answer names the statement that decided', () => {
  const [eve] = [callers.eve];
  assert.ok(eve);
  const policy = policyOf(JSON.stringify({ Statement: [{ ...allow('*'), Sid: 'the-door' }] }), 'resource');
  const question = {
    caller: eve,
    action: 'lambda:InvokeFunction',
    resource: fn,
    resourceAccountId: ours,
    context: new Map(),
  };
  const decision = evaluate(question, { identity: 'everything', resource: [policy] });
  assert.deepEqual(decision, { effect: 'allowed', by: 'resource', sid: 'the-door' });
});

test('a user named * is not everybody', () => {
  const policy = policyOf(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: { ...everything, Resource: 'arn:aws:lambda:*:*:function:${aws:username}' },
    }),
    'identity',
  );
  const caller: Caller = { kind: 'user', accountId: ours, arn: `arn:aws:iam::${ours}:user/*` };
  const question = {
    caller,
    action: 'lambda:GetFunction',
    resource: fn,
    resourceAccountId: ours,
    context: new Map([['aws:username', '*']]),
  };
  assert.equal(evaluate(question, { identity: [policy], resource: [] }).effect, 'implicit-deny');
});

test('a pattern made to be slow is not', () => {
  const hostile = `arn:aws:lambda:*:*:${'*a'.repeat(5_000)}b`;
  const policy = policyOf(JSON.stringify({ Statement: { ...everything, Resource: hostile } }), 'identity');
  const caller = callers.ada;
  assert.ok(caller);
  const resource = `arn:aws:lambda:eu-west-1:${ours}:${'a'.repeat(20_000)}`;
  const question = { caller, action: 'lambda:GetFunction', resource, resourceAccountId: ours, context: new Map() };
  assert.equal(evaluate(question, { identity: [policy], resource: [] }).effect, 'implicit-deny');
});
