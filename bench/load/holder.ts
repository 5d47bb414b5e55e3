/** Opens many connections, each of which sends one request and then is silent; a process of its own, told by messages. */
import { connect, type Socket } from 'node:net';
import type { Held, HoldJob } from './hold.ts';

/** At once; more would overrun what the system lets wait for a server. */
const openingMax = 100;
const answerMsMax = 15_000;

const sockets: Socket[] = [];

async function open(job: HoldJob): Promise<Held> {
  let left = job.count;
  let firstError: string | undefined;
  const opener = async () => {
    while (left > 0 && firstError === undefined) {
      left -= 1;
      await opened(job).catch((error: Error) => {
        firstError ??= error.message;
      });
    }
  };
  await Promise.all(Array.from({ length: openingMax }, opener));
  return { connections: sockets.length, ...(firstError !== undefined && { firstError }) };
}

/** Resolves once its request has been answered as it was to be. */
function opened({ host, port, request, status }: HoldJob): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.setTimeout(answerMsMax, () => socket.destroy(new Error(`no answer after ${answerMsMax} ms`)));
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('the server closed the connection')));
    socket.once('connect', () => socket.write(Buffer.from(request, 'base64')));
    socket.once('data', (chunk) => {
      const said = Number(chunk.toString('latin1', 9, 12));
      if (said !== status) return socket.destroy(new Error(`status ${said}`));
      socket.setTimeout(0);
      sockets.push(socket);
      resolve();
    });
  });
}

process.on('disconnect', () => process.exit(1));
process.once('message', async (job: HoldJob) => {
  process.send?.(await open(job));
  // Without any farewell of the protocol, as clients go that are switched off.
  process.once('message', () => process.exit(0));
});
