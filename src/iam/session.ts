/**
 * Temporary credentials of a role. Nothing is stored: the token says what it stands for and is signed, the secret follows
 * from the server's secret and the token, so any process that knows the server's secret can check them.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Random } from '../base/random.ts';
import type { AccessKey, Session } from './keys.ts';

export interface SessionRequest {
  readonly serverSecret: Buffer;
  readonly session: Session;
  readonly sessionName: string;
  readonly accountId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly random: Random;
}

export interface SessionCredentials {
  /** `ASIA` and 16 characters. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

interface Claims {
  readonly key: string;
  readonly role: string;
  readonly id?: string | undefined;
  readonly policy?: string | undefined;
  readonly policies?: readonly string[] | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly name: string;
  readonly account: string;
  readonly expires: number;
}

export function issueSession(request: SessionRequest): SessionCredentials {
  const { serverSecret, session, sessionName, accountId, expiresAt, random } = request;
  const accessKeyId = `ASIA${base32(Buffer.from(random.hex(10), 'hex'))}`;
  const claims: Claims = {
    key: accessKeyId,
    role: session.roleArn,
    id: session.roleId,
    policy: session.policy,
    policies: session.policyArns,
    tags: session.tags,
    name: sessionName,
    account: accountId,
    expires: expiresAt,
  };
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return {
    accessKeyId,
    secretAccessKey: secretOf(serverSecret, accessKeyId),
    sessionToken: `${payload}.${tokenSignature(serverSecret, payload)}`,
  };
}

/** The key that a token stands for; `invalid` also when the token belongs to another access key. */
export function sessionKey(
  serverSecret: Buffer,
  accessKeyId: string,
  token: string,
  now: number,
): AccessKey | 'expired' | 'invalid' {
  const [payload = '', signature = '', ...more] = token.split('.');
  const expected = Buffer.from(tokenSignature(serverSecret, payload));
  const given = Buffer.from(signature);
  if (more.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) return 'invalid';
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims; // ours: the signature holds
  if (claims.key !== accessKeyId) return 'invalid';
  if (claims.expires <= now) return 'expired';
  return {
    accessKeyId,
    secretAccessKey: secretOf(serverSecret, accessKeyId),
    accountId: claims.account,
    principalArn: assumedRoleArn(claims.role, claims.name),
    kind: 'role',
    expiresAt: claims.expires,
    session: {
      roleArn: claims.role,
      roleId: claims.id,
      policy: claims.policy,
      policyArns: claims.policies,
      tags: claims.tags,
    },
  };
}

/** `arn:aws:iam::1:role/path/name` becomes `arn:aws:sts::1:assumed-role/name/session`. */
export function assumedRoleArn(roleArn: string, sessionName: string): string {
  const [, partition = 'aws', , , account = '', resource = ''] = roleArn.split(':');
  return `arn:${partition}:sts::${account}:assumed-role/${resource.split('/').at(-1) ?? ''}/${sessionName}`;
}

function secretOf(serverSecret: Buffer, accessKeyId: string): string {
  return createHmac('sha256', serverSecret).update(`session-secret\n${accessKeyId}`).digest('base64').slice(0, 40);
}

function tokenSignature(serverSecret: Buffer, payload: string): string {
  return createHmac('sha256', serverSecret).update(`session-token\n${payload}`).digest('base64url');
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, without padding: 10 bytes give 16 characters. */
function base32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
      held &= (1 << bits) - 1;
    }
  }
  return text;
}
