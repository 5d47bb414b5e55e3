import type { Clock } from '../../base/clock.ts';
import { within } from '../../base/deadline.ts';
import { createFramedLink } from './channel/link.ts';
import type { StartedRuntime } from './started-runtime.ts';

const helloWaitMsMax = 10_000;

/** Waits for the runtime's own connection and greeting; discards it when either does not come. */
export async function connectFramed(started: StartedRuntime, clock: Clock): Promise<void> {
  try {
    await greeted(started, clock);
  } catch (error) {
    await started.discard();
    throw error;
  }
}

/** The same, for whoever discards by himself. */
export async function greeted(started: StartedRuntime, clock: Clock): Promise<void> {
  const socket = await within(clock, helloWaitMsMax, started.sandbox.channel, 'The runtime did not connect in time');
  started.attach(createFramedLink(socket, started.listener));
  await within(clock, helloWaitMsMax, started.hello(), 'The runtime did not greet in time');
}
