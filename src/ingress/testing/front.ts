/** A front with tiny operation tables, on a free port, gone at the end of the block. */
import type { AnyTable } from '../../aws/operation.ts';
import { systemClock } from '../../base/clock.ts';
import { systemRandom } from '../../base/random.ts';
import type { AccessKey } from '../../iam/keys.ts';
import type { Log } from '../../observe/log.ts';
import { silentLog } from '../../observe/log.ts';
import { createFront, type Front, type FrontOptions } from '../front.ts';

export const serverSecret = Buffer.from('a secret of tests');

export const knownKey: AccessKey = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  accountId: '111122223333',
  principalArn: 'arn:aws:iam::111122223333:user/ada',
  kind: 'user',
  policies: ['{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'],
};

/** Of a server on which nobody made a role or a user. */
export const noRecords = { get: () => undefined };

export const stsParts = {
  mode: 'signed',
  records: noRecords,
  serverSecret,
  clock: systemClock,
  random: systemRandom,
} as const;

export interface TestFront extends AsyncDisposable {
  readonly front: Front;
  readonly port: number;
  readonly endpoint: string;
  /** Errors that the front logged: failures of its own, which most tests must not see. */
  readonly errors: string[];
}

export async function startFront(
  services: Readonly<Record<string, AnyTable>>,
  options: Partial<FrontOptions> = {},
  wanted = 0,
): Promise<TestFront> {
  const errors: string[] = [];
  const log: Log = { ...silentLog, error: (message, fields) => void errors.push(`${message} ${fields?.why ?? ''}`) };
  const front = createFront({
    services,
    authentication: 'open',
    keys: { find: (id) => (id === knownKey.accessKeyId ? knownKey : undefined) },
    serverSecret,
    defaultRegion: 'us-east-1',
    routes: [],
    log,
    clock: systemClock,
    random: systemRandom,
    allowedHosts: [],
    ...options,
  });
  const { port } = await front.listen(wanted, '127.0.0.1');
  return {
    front,
    port,
    endpoint: `http://127.0.0.1:${port}`,
    errors,
    [Symbol.asyncDispose]: () => front.drain(1000),
  };
}
