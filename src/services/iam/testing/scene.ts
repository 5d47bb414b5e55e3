/** For tests: IAM on a file of its own and a clock that the test moves. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { IamTypes } from '../../../aws/models/iam.types.ts';
import type { Principal, RequestContext } from '../../../aws/operation.ts';
import { ManualClock } from '../../../base/manual-clock.ts';
import { systemRandom } from '../../../base/random.ts';
import { type Keys, openKeys } from '../../../store/keys/keys.ts';
import { createIamTable } from '../api/table.ts';

export const accountId = '000000000000';
export const root: Principal = { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root` };

export interface Scene {
  readonly clock: ManualClock;
  readonly keys: Keys;
  call<Name extends keyof IamTypes>(
    name: Name,
    input: IamTypes[Name]['input'],
    more?: Partial<RequestContext>,
  ): Promise<IamTypes[Name]['output']>;
}

export function scene(t: TestContext): Scene {
  const clock = new ManualClock();
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-iam-'));
  const keys = openKeys(dataDir);
  t.after(() => {
    keys.close();
    rmSync(dataDir, { recursive: true });
  });
  const table: Record<string, unknown> = createIamTable({ records: keys.records, keys, clock, random: systemRandom });
  return {
    clock,
    keys,
    async call(name, input, more = {}) {
      const context = { accountId, principal: root, ...more } as RequestContext; // all that IAM reads
      const row = table[name] as { handle(input: unknown, context: RequestContext): unknown };
      return (await row.handle(input, context)) as never;
    },
  };
}

export function document(...Statement: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

export const allow = (Action: string | string[], Resource: string | string[] = '*') => ({
  Effect: 'Allow',
  Action,
  Resource,
});

export const lambdaTrust = document({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
