import type { Clock } from '../../../base/clock.ts';
import { within } from '../sandbox/deadline.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Extensions, ShutdownReason } from './extensions.ts';

/** What AWS leaves an environment for its end (reference: lambda-semantics 3.3). */
const internalOnlyMs = 500;
const externalMs = 2_000;
/** Of these, the runtime has the first part. */
const runtimeMs = 300;
const telemetryMs = 500;

export interface ShutDown {
  readonly sandbox: Sandbox;
  readonly extensions: Extensions;
  readonly clock: Clock;
  readonly reason: ShutdownReason;
}

/** Tells runtime and extensions that it is over, and waits as long as they may take. Whoever calls kills what is left. */
export async function shutDown({ sandbox, extensions, clock, reason }: ShutDown): Promise<void> {
  sandbox.thaw();
  extensions.telemetry.resume();
  const beside = sandbox.companions;
  if (beside === undefined) {
    sandbox.terminate();
    await within(clock, internalOnlyMs, sandbox.exited);
    return;
  }
  const deadlineMs = clock.now() + externalMs;
  if (beside.commandPid !== undefined) {
    beside.terminateCommand();
    if ((await within(clock, runtimeMs, beside.commandExited)) === undefined) beside.killCommand();
  }
  // What the end of the runtime brought is heard before the end of all is: its report is made in this turn.
  await clock.sleep(1);
  await within(clock, telemetryMs, extensions.telemetry.flush());
  extensions.shutdown(reason, deadlineMs);
  const gone = Promise.all(beside.all.map(({ exited }) => exited));
  await within(clock, deadlineMs - clock.now(), Promise.race([gone, sandbox.exited]));
}
