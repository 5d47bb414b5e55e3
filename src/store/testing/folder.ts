import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../observe/log.ts';
import { openStore, type Store } from '../open.ts';

/** Gone when the test is over. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-store-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function openIn(dataDir: string): Promise<Store> {
  return openStore({ dataDir, clock: systemClock, log: silentLog });
}

/** A store for one test, closed before its folder goes. */
export async function temporaryStore(t: TestContext): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-store-'));
  const store = await openIn(folder);
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}
