/** Every command by name. Loaded when it is asked for, so that `lambent --help` costs nothing. */
import type { Command } from './command.ts';
import type { OpenKeys } from './keys.ts';
import type { StartServer } from './up.ts';

export interface CommandRow {
  readonly summary: string;
  load(): Promise<Command>;
}

/** What commands need of the server itself. Handed in by `main.ts`, and loaded only by the command that needs it. */
export interface CommandParts {
  startServer(): Promise<StartServer>;
  openKeys(): Promise<OpenKeys>;
}

export function commandTable({ startServer, openKeys }: CommandParts): Readonly<Record<string, CommandRow>> {
  return {
    up: { summary: 'Start the server', load: async () => (await import('./up.ts')).up(startServer) },
    deploy: {
      summary: 'Create or update a function from a folder',
      load: async () => (await import('./deploy.ts')).deploy,
    },
    invoke: { summary: 'Send an event to a function', load: async () => (await import('./invoke.ts')).invoke },
    logs: { summary: "Show a function's log", load: async () => (await import('./logs.ts')).logs },
    functions: { summary: 'List functions', load: async () => (await import('./functions.ts')).functions },
    versions: {
      summary: 'List and publish versions of a function',
      load: async () => (await import('./versions.ts')).versions,
    },
    aliases: {
      summary: 'List, set and delete the names of versions',
      load: async () => (await import('./aliases.ts')).aliases,
    },
    usage: {
      summary: 'What ran, and what AWS would have charged',
      load: async () => (await import('./usage.ts')).usage,
    },
    keys: {
      summary: 'Create, list, update and delete access keys, and say what they may do',
      load: async () => (await import('./keys.ts')).keys(openKeys),
    },
    status: {
      summary: 'Whether the server runs, and what it is',
      load: async () => (await import('./status.ts')).status,
    },
    version: { summary: 'Print the version', load: async () => (await import('./version.ts')).version },
  };
}
