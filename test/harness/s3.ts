/** S3 as it is wired in the server, behind a real front, in the test's own process: quick to start, real on the wire. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { systemClock } from '../../src/base/clock.ts';
import type { FrontOptions } from '../../src/ingress/front.ts';
import { startFront } from '../../src/ingress/testing/front.ts';
import { silentLog } from '../../src/observe/log.ts';
import { createS3Table } from '../../src/services/s3/api/table.ts';
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

export async function startS3(options: Partial<FrontOptions> = {}): Promise<S3Front> {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-s3-'));
  const store = await openStore({ dataDir: folder, clock: systemClock, log: silentLog });
  const s3 = createS3Table({ objects: store.objects, clock: systemClock });
  const front = await startFront({ s3 }, options);
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
