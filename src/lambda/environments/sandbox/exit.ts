import { constants } from 'node:os';
import type { ExitReason } from './sandbox.ts';

const signalByNumber = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/**
 * Shells and bubblewrap report a death by signal as 128 + its number. A program that itself exits with such a code reads
 * the same: nothing that they pass on tells the two apart.
 */
export function exitReason(status: number): ExitReason {
  const signal = status > 128 ? signalByNumber.get(status - 128) : undefined;
  return isSignal(signal) ? { signal } : { code: status };
}

function isSignal(name: string | undefined): name is NodeJS.Signals {
  return name !== undefined && name in constants.signals;
}
