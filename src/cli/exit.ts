/** Exit codes, after sysexits.h where it has one. docs/operations.md explains each. */
import type { StartProblem } from '../config/start-error.ts';

export const exitCodes = {
  ok: 0,
  /** The server understood and refused: an AWS error. */
  refused: 1,
  /** The function ran and failed. */
  functionFailed: 2,
  usage: 64,
  /** What was given cannot be read or is not what was expected: a payload, a folder, an answer. */
  data: 65,
  /** No server answers, or something this command needs is not there. */
  unavailable: 69,
  /** We are wrong. */
  internal: 70,
  dataUnwritable: 73,
  dataUnreadable: 74,
  dataLocked: 75,
  portTaken: 76,
  configuration: 78,
  interrupted: 130,
} as const;

export const startExitCodes: Readonly<Record<StartProblem, number>> = {
  'port-taken': exitCodes.portTaken,
  'address-unavailable': exitCodes.configuration,
  'data-unreadable': exitCodes.dataUnreadable,
  'data-unwritable': exitCodes.dataUnwritable,
  'data-locked': exitCodes.dataLocked,
  'data-damaged': exitCodes.dataUnreadable,
  'sandbox-unavailable': exitCodes.unavailable,
  configuration: exitCodes.configuration,
  certificate: exitCodes.configuration,
};

/** Ends a command with a sentence for a person and a code for a script. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
