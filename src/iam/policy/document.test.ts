import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyKind } from './document.ts';
import { MalformedPolicy } from './malformed.ts';
import { policyOf } from './policy.ts';

const good = { Effect: 'Allow', Action: 'lambda:*', Resource: '*' };
const one = (changes: object) => ({ Version: '2012-10-17', Statement: { ...good, ...changes } });

test('documents as people write them are taken', () => {
  const taken: [PolicyKind, object][] = [
    ['identity', { Statement: [good] }],
    ['identity', { Version: '2008-10-17', Id: 'old', Statement: [good] }],
    ['identity', one({ Action: ['lambda:Get*', 's3:?etObject'], Resource: ['arn:aws:s3:::b/*', 'arn:aws:lambda'] })],
    ['identity', one({ Action: undefined, NotAction: 'iam:*', Resource: undefined, NotResource: 'arn:aws:s3:::b' })],
    ['identity', one({ Condition: { Bool: { 'aws:SecureTransport': true }, NumericLessThan: { 'a:b': 3 } } })],
    ['resource', one({ Sid: 'with-dash_and_more', Principal: '*' })],
    ['resource', one({ Principal: { AWS: ['111122223333', 'arn:aws:iam::111122223333:role/path/r'] } })],
    ['resource', one({ NotPrincipal: { Service: 's3.amazonaws.com' } })],
  ];
  for (const [kind, document] of taken) assert.ok(policyOf(JSON.stringify(document), kind), JSON.stringify(document));
});

test('a document is read once', () => {
  const text = JSON.stringify(one({ Sid: 'once' }));
  assert.equal(policyOf(text, 'identity'), policyOf(text, 'identity'));
});

/** What is wrong, and the reason that is given. */
const wrong: readonly (readonly [PolicyKind, unknown, RegExp])[] = [
  ['identity', 'no JSON', /^Syntax errors in policy\.$/],
  ['identity', [], /^Syntax errors/],
  ['identity', { Version: '2012-10-17' }, /^Syntax errors/],
  ['identity', { Version: '2012-10-17', Statement: [] }, /^Syntax errors/],
  ['identity', { Version: '2020-01-01', Statement: good }, /must contain a valid version string/],
  ['identity', { Statement: good, Statements: good }, /^Syntax errors/],
  ['identity', one({ Effect: 'allow' }), /^Syntax errors/],
  ['identity', one({ Actions: 'x' }), /^Syntax errors/],
  ['identity', one({ Action: undefined }), /must contain actions/],
  ['identity', one({ Action: [] }), /must contain actions/],
  ['identity', one({ NotAction: 'lambda:*' }), /^Syntax errors/],
  ['identity', one({ Action: 'Invoke' }), /must be prefaced by a vendor/],
  ['identity', one({ Action: { a: 1 } }), /^Syntax errors/],
  ['identity', one({ Resource: undefined }), /must contain resources/],
  ['identity', one({ Resource: 'function:f' }), /Resource function:f must be in ARN format or "\*"/],
  ['identity', one({ Principal: '*' }), /should not specify a principal/],
  ['identity', one({ Sid: 'with-dash' }), /must be alpha-numeric/],
  [
    'identity',
    {
      Statement: [
        { ...good, Sid: 'a' },
        { ...good, Sid: 'a' },
      ],
    },
    /must be unique/,
  ],
  ['identity', one({ Condition: { StringSame: { a: 'b' } } }), /Invalid Condition type : StringSame/],
  ['identity', one({ Condition: { NullIfExists: { a: 'true' } } }), /Invalid Condition type : NullIfExists/],
  ['identity', one({ Condition: { StringEquals: 'b' } }), /^Syntax errors/],
  ['identity', one({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } } }), /Invalid IP range/],
  ['identity', one({ Condition: { NumericEquals: { a: 'x' } } }), /Invalid number/],
  ['identity', one({ Condition: { DateEquals: { a: 'tomorrow' } } }), /Invalid date/],
  ['identity', one({ Condition: { Bool: { a: 'maybe' } } }), /Invalid boolean/],
  ['resource', one({}), /Missing required field Principal/],
  ['resource', one({ Principal: { AWS: 'ada' } }), /Invalid principal in policy: "AWS":"ada"/],
  ['resource', one({ Principal: { AWS: 'arn:aws:iam::111122223333:user/*' } }), /Invalid principal/],
  ['resource', one({ Principal: { Robot: 'x' } }), /Invalid principal/],
  ['resource', one({ Principal: 'everybody' }), /^Syntax errors/],
];

test('a document that is no policy is refused with the reason', () => {
  for (const [kind, document, reason] of wrong) {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    assert.throws(
      () => policyOf(text, kind),
      (error) => error instanceof MalformedPolicy && reason.test(error.message),
      text,
    );
  }
});
