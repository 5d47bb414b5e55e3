import type { AsyncEvent } from '../../lambda/invoke/async-store.ts';
import type { FunctionRecord, FunctionVersion } from '../../lambda/model/function.ts';

export const scope = { accountId: '000000000000', region: 'us-east-1' };

export function version(name: string, revisionId: string, sha256: string): FunctionVersion {
  return {
    id: `${name}-${revisionId}`,
    ...scope,
    name,
    version: '$LATEST',
    configuration: {
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      role: 'arn:aws:iam::000000000000:role/run',
      description: '',
      memorySizeMb: 128,
      timeoutSeconds: 3,
      ephemeralStorageMb: 512,
      architecture: 'x86_64',
      packageType: 'Zip',
      tracingMode: 'PassThrough',
      loggingConfig: { logFormat: 'Text', logGroup: `/aws/lambda/${name}` },
      stored: {},
    },
    code: { sha256, size: 100, unzippedSize: 300 },
    revisionId,
    lastModified: 1,
    state: { value: 'Active' },
    lastUpdateStatus: { value: 'Successful' },
  };
}

export function record(name: string, revisionId = 'r1', sha256 = 'aa'): FunctionRecord {
  return { ...scope, name, latest: version(name, revisionId, sha256), tags: {}, createdAt: 1 };
}

export function event(id: string, nextAttemptAt: number): AsyncEvent {
  const payload = Buffer.from(`{"id":"${id}"}`);
  return { id, ...scope, functionName: 'f', payload, acceptedAt: 1, attempts: 0, nextAttemptAt };
}
