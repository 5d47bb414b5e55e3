import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Principal } from '../../aws/operation.ts';
import { callerIdentity } from './caller-identity.ts';

const accountId = '111111111111';

test('events name the account of a root, the id of a user, and both parts of a session', () => {
  const callers: [expected: string, Principal][] = [
    [accountId, { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root` }],
    [
      'AIDA1',
      { kind: 'user', accountId, arn: `arn:aws:iam::${accountId}:user/team/ada`, accessKeyId: 'k', id: 'AIDA1' },
    ],
    ['k', { kind: 'user', accountId, arn: `arn:aws:iam::${accountId}:user/ada`, accessKeyId: 'k' }],
    [
      'AROA1:night',
      {
        ...{ kind: 'role', accountId, arn: `arn:aws:sts::${accountId}:assumed-role/cook/night`, accessKeyId: 'ASIA1' },
        role: { arn: `arn:aws:iam::${accountId}:role/cook`, id: 'AROA1' },
      },
    ],
  ];
  for (const [expected, principal] of callers) {
    assert.deepEqual(callerIdentity(principal), {
      ...{ accessKey: principal.accessKeyId ?? null, accountId, userArn: principal.arn },
      ...{ callerId: expected, userId: expected, cognitoIdentity: null, principalOrgId: null },
    });
  }
});
