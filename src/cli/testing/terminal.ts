/** Runs a command line as `main.ts` does, with a terminal that only remembers. */
import { Readable, Writable } from 'node:stream';
import { systemClock } from '../../base/clock.ts';
import { openKeys } from '../../store/keys/keys.ts';
import { commandTable } from '../commands.ts';
import type { OpenKeys } from '../keys.ts';
import { run } from '../run.ts';
import type { StartServer } from '../up.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Terminal {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  readonly startServer?: StartServer;
  readonly openKeys?: OpenKeys;
  /** Called with everything that is on standard output, whenever there is more. */
  readonly onOutput?: (soFar: string) => void;
}

export async function lambent(argv: readonly string[], terminal: Terminal = {}): Promise<Ran> {
  const stdout = remembering(terminal.onOutput);
  const stderr = remembering();
  const parts = {
    startServer: async (): Promise<StartServer> => terminal.startServer ?? (() => Promise.reject(new Error('none'))),
    openKeys: async (): Promise<OpenKeys> => terminal.openKeys ?? openKeys,
  };
  const code = await run(argv, commandTable(parts), {
    env: terminal.env ?? {},
    home: '/people/ada',
    stdout: stdout.stream,
    stderr: stderr.stream,
    stdin: Readable.from([terminal.stdin ?? '']),
    clock: systemClock,
    signal: terminal.signal ?? new AbortController().signal,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function remembering(onText?: (soFar: string) => void): { stream: Writable; text: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      onText?.(text);
      done();
    },
  });
  return { stream, text: () => text };
}
