/** A case within its time. One that throws or takes too long is a row that says so, and the cases after it run all the same. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case, Row, Run } from './cases/case.ts';

/** Nothing that the case started runs afterwards, also when it goes on for a moment because it has not noticed. */
export async function bounded(one: Case, run: Run): Promise<Row[]> {
  const over = new AbortController();
  const late = sleep(one.secondsMax * 1000, undefined, { signal: over.signal }).then(
    () => Promise.reject(new Error(`abandoned: not done after ${one.secondsMax} s`)),
    () => new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([one.run(run), late]);
  } catch (error) {
    return [{ subject: 'lambent', of: '', rounds: [], note: error instanceof Error ? error.message : String(error) }];
  } finally {
    over.abort();
    await run.children.close();
  }
}
