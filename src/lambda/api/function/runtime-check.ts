import { invalidParameterValue } from '../../model/errors.ts';
import type { Runtime } from '../../runtimes/runtime.ts';

/** Throws when this machine cannot run functions of the runtime; the error says what it looked for. */
export function checkRuntimeHere(runtimes: ReadonlyMap<string, Runtime>, id: string): void {
  const runtime = runtimes.get(id);
  if (runtime === undefined) {
    throw invalidParameterValue(
      `Cannot run a function with runtime ${id}: Lambent has ${[...runtimes.keys()].join(', ')}`,
    );
  }
  const found = runtime.availability();
  if (!found.available) throw invalidParameterValue(`Cannot run a function with runtime ${id}: ${found.why}`);
}
