import type { Socket } from 'node:net';
import type { Clock } from '../../../base/clock.ts';

/** The promise's value, or undefined when it takes longer than `ms`. A rejection passes through. */
export function within<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(undefined));
    promise.then(resolve, reject).finally(cancel);
  });
}

/** Asks again and again until the answer is yes; false when it was never yes within `ms`. */
export async function until(clock: Clock, ms: number, stepMs: number, holds: () => boolean): Promise<boolean> {
  const last = clock.monotonic() + ms;
  while (!holds()) {
    if (clock.monotonic() >= last) return false;
    await clock.sleep(stepMs);
  }
  return true;
}

/** Never rejects: however it ended, it is closed. */
export function whenClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
}
