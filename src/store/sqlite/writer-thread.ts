/** The one writer of a database, in a thread of its own: while it waits for the disk, the server goes on. */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { invariant } from '../../base/invariant.ts';
import { GroupCommit } from './commit.ts';
import { openForWriting } from './connection.ts';
import type { Unit, WriteAnswer, WriteRequest } from './unit.ts';

/** Beyond this a transaction is committed, so that those who came first do not wait for all who came after. */
const unitsPerCommitMax = 4096;

invariant(parentPort !== null, 'the writer runs as a worker thread');
serve(parentPort, String(workerData.path));

function serve(port: MessagePort, path: string): void {
  const database = openForWriting(path);
  const commit = new GroupCommit(database);
  port.on('message', (message: WriteRequest | 'close') => {
    let closing = message === 'close';
    const units: Unit[] = message === 'close' ? [] : [...message.units];
    // What was sent while the last commit waited for the disk goes into this one.
    while (!closing && units.length < unitsPerCommitMax) {
      const next: { message: WriteRequest | 'close' } | undefined = receiveMessageOnPort(port);
      if (next === undefined) break;
      if (next.message === 'close') closing = true;
      else units.push(...next.message.units);
    }
    if (units.length > 0) port.postMessage({ results: commit.run(units) } satisfies WriteAnswer);
    if (!closing) return;
    database.close();
    port.close();
  });
}
