import type { SqsCalls } from './calls.ts';

/** Queues of some accounts are elsewhere. */
export function queuesByAccount(own: SqsCalls, elsewhere: ReadonlyMap<string, SqsCalls>): SqsCalls {
  if (elsewhere.size === 0) return own;
  const answering = (queueArn: string) => elsewhere.get(queueArn.split(':')[4] ?? '') ?? own;
  return {
    call: (call) => answering(call.queueArn).call(call),
    denied: (reader, queueArn) => answering(queueArn).denied?.(reader, queueArn),
  };
}
