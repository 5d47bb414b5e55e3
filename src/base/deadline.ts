import type { Clock } from './clock.ts';
import { deferred } from './deferred.ts';

/** Rejects with `message` when `promise` has not settled within `ms`. */
export async function within<T>(clock: Clock, ms: number, promise: Promise<T>, message: string): Promise<T> {
  const late = deferred<never>();
  const cancel = clock.after(ms, () => late.reject(new Error(message)));
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    cancel();
  }
}
