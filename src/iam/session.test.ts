import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '../base/random.ts';
import { issueSession, sessionKey } from './session.ts';

const serverSecret = Buffer.from('server secret');
const issued = issueSession({
  serverSecret,
  session: { roleArn: 'arn:aws:iam::000000000000:role/path/worker', policyArns: ['p'] },
  sessionName: 'thumbnail',
  accountId: '000000000000',
  expiresAt: 1000,
  random: systemRandom,
});

test('a session stands for its role until it expires', () => {
  assert.match(issued.accessKeyId, /^ASIA[A-Z2-7]{16}$/);
  assert.deepEqual(sessionKey(serverSecret, issued.accessKeyId, issued.sessionToken, 999), {
    accessKeyId: issued.accessKeyId,
    secretAccessKey: issued.secretAccessKey,
    accountId: '000000000000',
    principalArn: 'arn:aws:sts::000000000000:assumed-role/worker/thumbnail',
    kind: 'role',
    expiresAt: 1000,
    session: {
      roleArn: 'arn:aws:iam::000000000000:role/path/worker',
      roleId: undefined,
      policy: undefined,
      policyArns: ['p'],
      tags: undefined,
    },
  });
  assert.equal(sessionKey(serverSecret, issued.accessKeyId, issued.sessionToken, 1000), 'expired');
});

test('a token that was changed, borrowed or made elsewhere is invalid', () => {
  const [payload = '', signature = ''] = issued.sessionToken.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const longer = Buffer.from(JSON.stringify({ ...claims, expires: 1e15 })).toString('base64url');
  for (const token of [`${longer}.${signature}`, payload, '', '.', `${payload}.`, `${issued.sessionToken}.x`]) {
    assert.equal(sessionKey(serverSecret, issued.accessKeyId, token, 0), 'invalid', token);
  }
  assert.equal(sessionKey(serverSecret, 'ASIAOTHER', issued.sessionToken, 0), 'invalid');
  assert.equal(sessionKey(Buffer.from('other'), issued.accessKeyId, issued.sessionToken, 0), 'invalid');
});
