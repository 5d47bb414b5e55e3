import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import { memoryDocuments } from '../../store/testing/memory.ts';
import { ownedKey, put } from '../model/resources.ts';
import { functionPolicyDecides, mayInvoke, type ServiceInvocation } from './permission.ts';

const key = { accountId: '111122223333', region: 'eu-west-1', name: 'f' };
const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
const s3 = 's3.amazonaws.com';
const photos = 'arn:aws:s3:::photos';

async function withPolicies(...policies: [qualifier: string, statement: object][]) {
  const { resources } = memoryDocuments();
  for (const [qualifier, statement] of policies) {
    const Resource = qualifier === '' ? functionArn : `${functionArn}:${qualifier}`;
    const base = { Effect: 'Allow', Principal: { Service: s3 }, Action: 'lambda:InvokeFunction', Resource };
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...base, ...statement }] });
    await resources.write([put('policy', ownedKey(key, qualifier), { document, revisionId: qualifier })]);
  }
  return resources;
}

const fromPhotos = {
  Condition: { ArnLike: { 'AWS:SourceArn': photos }, StringEquals: { 'AWS:SourceAccount': '444455556666' } },
};

test('a service invokes what its function’s policy lets it', async () => {
  const may = mayInvoke(await withPolicies(['', fromPhotos], ['prod', {}]), systemClock);
  const asked = { functionArn, service: s3, sourceArn: photos, sourceAccount: '444455556666' };
  const cases: [Partial<ServiceInvocation>, boolean][] = [
    [{}, true],
    [{ service: 'sns.amazonaws.com' }, false],
    [{ sourceArn: 'arn:aws:s3:::other' }, false],
    [{ sourceAccount: '777777777777' }, false],
    [{ sourceArn: undefined }, false],
    [{ functionArn: `${functionArn}2` }, false],
    // The function's policy is not the version's, nor the alias's the function's.
    [{ functionArn: `${functionArn}:1` }, false],
    [{ functionArn: `${functionArn}:prod`, sourceArn: undefined }, true],
  ];
  for (const [changes, expected] of cases) {
    assert.equal(may({ ...asked, ...changes }), expected, JSON.stringify(changes));
  }
});

test('a wildcard in the function’s policy reaches its versions and aliases', async () => {
  const may = mayInvoke(await withPolicies(['', { Resource: `${functionArn}:*` }]), systemClock);
  assert.equal(may({ functionArn: `${functionArn}:prod`, service: s3 }), true);
  assert.equal(may({ functionArn, service: s3 }), false);
});

test('the whole world invokes through a URL when the policy says so', async () => {
  const open = {
    Principal: '*',
    Action: 'lambda:InvokeFunctionUrl',
    Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
  };
  const resources = await withPolicies(['', open]);
  const caller = { kind: 'anonymous', accountId: '', arn: '*' } as const;
  const decide = (authType: string) =>
    functionPolicyDecides(resources, systemClock, {
      ...{ caller, action: 'lambda:InvokeFunctionUrl', functionArn },
      keys: { 'lambda:functionurlauthtype': authType },
    }).effect;
  assert.deepEqual([decide('NONE'), decide('AWS_IAM')], ['allowed', 'implicit-deny']);
});
