/** Waits for a function as the AWS CLI's `wait function-active-v2` and `function-updated-v2` do, only more often. */

import { encoded } from '../aws/sigv4/sign.ts';
import { type Client, textOf } from './client.ts';
import type { Outside } from './command.ts';
import { CommandError, exitCodes } from './exit.ts';
import { printable } from './text.ts';

const pollMs = 50;
// The first function of a runtime may have to wait for that runtime to be fetched.
const readyMsMax = 10 * 60 * 1000;

/** The function's ARN, once it is active and no update is under way. */
export async function untilReady(client: Client, name: string, outside: Outside): Promise<string> {
  const configuration = await untilSettled(client, name, outside);
  const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason, FunctionArn } = configuration;
  if (State === 'Failed') throw failed(name, 'be created', StateReason);
  if (LastUpdateStatus === 'Failed') throw failed(name, 'be updated', LastUpdateStatusReason);
  return textOf(FunctionArn) ?? name;
}

/** The function's configuration once nothing is under way, however that ended. */
export async function untilSettled(client: Client, name: string, { clock, signal }: Outside) {
  const deadline = clock.monotonic() + readyMsMax;
  const path = `/2015-03-31/functions/${encoded(name)}/configuration`;
  for (;;) {
    const configuration = await client.json({ method: 'GET', path, service: 'lambda' });
    const { State, LastUpdateStatus } = configuration;
    if (State !== 'Pending' && LastUpdateStatus !== 'InProgress') return configuration;
    if (clock.monotonic() > deadline) {
      const found = State === 'Pending' ? 'being created' : 'being updated';
      throw new CommandError(exitCodes.unavailable, `Function ${name} is still ${found} after ten minutes`);
    }
    await clock.sleep(pollMs, signal);
  }
}

function failed(name: string, what: string, reason: unknown): CommandError {
  const why = printable(textOf(reason) ?? 'no reason was given');
  return new CommandError(exitCodes.refused, `Function ${name} could not ${what}: ${why}`);
}
