/** What a command is, and what it may touch. One command a file; `commands.ts` lists them. */
import type { Clock } from '../base/clock.ts';
import type { Arguments, FlagShape } from '../config/flags.ts';

/** The outside of a command, so that a test can stand in for the terminal. */
export interface Outside {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stdin: NodeJS.ReadableStream;
  readonly clock: Clock;
  /** Aborted by Ctrl-C; a command that follows something ends then. */
  readonly signal: AbortSignal;
}

export interface CommandFlag extends FlagShape {
  /** One sentence, without its full stop. */
  readonly says: string;
}

export interface Command {
  /** What comes after the command's name, as `FUNCTION`. */
  readonly operands: string;
  /** How many operands there may be. */
  readonly operandCount: { readonly min: number; readonly max: number };
  /** A paragraph for `--help`. */
  readonly about: string;
  readonly flags: Readonly<Record<string, CommandFlag>>;
  /** Command lines that work as they stand, each with what it is for. */
  readonly examples: readonly (readonly [line: string, purpose: string])[];
  /** Resolves with the exit code. */
  run(given: Arguments, outside: Outside): Promise<number>;
}

/** What every command that talks to a server takes. */
export const serverFlags = {
  endpoint: {
    placeholder: 'URL',
    says: 'The server; else $LAMBENT_ENDPOINT, $AWS_ENDPOINT_URL, http://127.0.0.1:4566',
  },
  region: { placeholder: 'REGION', says: 'Region; else $AWS_REGION, $AWS_DEFAULT_REGION, us-east-1' },
  json: { says: 'Print JSON, for programs' },
} as const satisfies Record<string, CommandFlag>;
