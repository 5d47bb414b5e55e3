/** S3 as it is wired in the server, behind a real front, in the test's own process: quick to start, real on the wire. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { Authenticator } from '../../src/iam/authenticate.ts';
import type { FrontOptions } from '../../src/ingress/front.ts';
import { knownKey, serverSecret, startFront } from '../../src/ingress/testing/front.ts';
import { silentLog } from '../../src/observe/log.ts';
import { createS3Table } from '../../src/services/s3/api/table.ts';
import type { EventTargets } from '../../src/services/s3/notifications/targets.ts';
import { namedOrigin } from '../../src/services/s3/origins.ts';
import { s3Rules } from '../../src/services/s3/rules.ts';
import { openStore, type Store } from '../../src/store/open.ts';

export interface S3Front extends AsyncDisposable {
  readonly endpoint: string;
  readonly port: number;
  readonly store: Store;
  readonly folder: string;
  /** What went wrong inside the server. */
  readonly errors: string[];
  client(options?: Partial<S3ClientConfig>): S3Client;
}

interface S3Options extends Partial<FrontOptions> {
  readonly targets?: EventTargets;
}

export async function startS3({ targets = {}, ...options }: S3Options = {}): Promise<S3Front> {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-s3-'));
  const store = await openStore({ dataDir: folder, clock: systemClock, log: silentLog });
  const { objects } = store;
  const keys = options.keys ?? { find: (id: string) => (id === knownKey.accessKeyId ? knownKey : undefined) };
  const mode = options.authentication ?? 'open';
  const callers = new Authenticator({ mode, keys, serverSecret, clock: systemClock });
  const s3 = createS3Table({ objects, clock: systemClock, random: systemRandom, callers, targets });
  const rules = { s3: s3Rules(objects) };
  const front = await startFront({ s3 }, { keys, rules, namedOrigin: (one) => namedOrigin(objects, one), ...options });
  return {
    ...{ endpoint: front.endpoint, port: front.port, errors: front.errors, store, folder },
    client: (config = {}) =>
      new S3Client({
        endpoint: front.endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        maxAttempts: 1,
        ...config,
      }),
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
