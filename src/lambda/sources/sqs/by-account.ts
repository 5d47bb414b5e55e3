import type { SqsCalls } from './calls.ts';

/** Queues of some accounts are elsewhere. */
export function queuesByAccount(own: SqsCalls, elsewhere: ReadonlyMap<string, SqsCalls>): SqsCalls {
  if (elsewhere.size === 0) return own;
  return {
    call(call) {
      const account = call.queueArn.split(':')[4] ?? '';
      return (elsewhere.get(account) ?? own).call(call);
    },
  };
}
