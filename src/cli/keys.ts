/** `lambent keys`: access keys for signed requests, made in the data folder itself: without one, no request is let in. */
import { totalmem } from 'node:os';
import { UsageError } from '../config/flags.ts';
import { readSettings } from '../config/settings.ts';
import type { Keys } from '../store/keys/keys.ts';
import type { Command, Outside } from './command.ts';
import { CommandError, exitCodes } from './exit.ts';
import { columns, printable, styleFor } from './text.ts';

/** Loaded with the command: the store is nothing that other commands need. */
export type OpenKeys = (dataDir: string) => Keys;

// The one account there is.
const accountId = '000000000000';

export const keys = (openKeys: () => Promise<OpenKeys>): Command => ({
  operands: 'create|list|delete [KEY-ID]',
  operandCount: { min: 1, max: 2 },
  about:
    'Access keys of the account, for a server that wants signed requests. Works on the data folder, so it needs the same ' +
    '--data as the server; a running server knows a new or deleted key at once. A secret is shown once.',
  flags: {
    data: { placeholder: 'DIR', says: "The server's data folder; else $LAMBENT_DATA, ~/.local/share/lambent" },
    json: { says: 'Print JSON, for programs' },
  },
  examples: [
    ['lambent keys create', 'A new key, and how to use it'],
    ['lambent keys list', 'Which keys there are'],
    ['lambent keys delete AKIAEXAMPLE', 'Nobody gets in with that one any more'],
  ],
  async run({ flags, positionals }, outside) {
    const [action = '', id] = positionals;
    const { data } = readSettings(flags.data === undefined ? {} : { data: flags.data }, {
      env: { LAMBENT_DATA: outside.env.LAMBENT_DATA, XDG_DATA_HOME: outside.env.XDG_DATA_HOME },
      home: outside.home,
      memoryBytes: totalmem(),
    });
    const known: Readonly<Record<string, (ring: Keys) => void>> = {
      create: (ring) => create(ring, outside, flags.json === true),
      list: (ring) => list(ring, outside, flags.json === true),
      delete: (ring) => remove(ring, needed(id)),
    };
    const act = Object.hasOwn(known, action) ? known[action] : undefined;
    if (act === undefined) throw new UsageError(`Cannot ${action} keys: expected create, list or delete`);
    if (id !== undefined && action !== 'delete') throw new UsageError(`Cannot use ${id}: only delete names a key`);
    if (action === 'delete') needed(id);
    const ring = (await openKeys())(data);
    try {
      act(ring);
    } finally {
      ring.close();
    }
    return exitCodes.ok;
  },
});

function needed(id: string | undefined): string {
  if (id === undefined) throw new UsageError('Cannot delete a key: KEY-ID is missing');
  return id;
}

function create(ring: Keys, { stdout, stderr, env, clock }: Outside, json: boolean): void {
  const key = ring.create({ accountId, createdAt: clock.now() });
  if (json) {
    // The names that `aws configure export-credentials` uses.
    stdout.write(`${JSON.stringify({ AccessKeyId: key.accessKeyId, SecretAccessKey: key.secretAccessKey })}\n`);
    return;
  }
  stderr.write(`${styleFor(stderr, env).faint('The secret is shown this once. In a shell:')}\n`);
  stdout.write(`export AWS_ACCESS_KEY_ID=${key.accessKeyId}\nexport AWS_SECRET_ACCESS_KEY=${key.secretAccessKey}\n`);
}

function list(ring: Keys, { stdout, env }: Outside, json: boolean): void {
  const all = ring.list();
  const rows = all.map(({ accessKeyId, createdAt }) => [printable(accessKeyId), new Date(createdAt).toISOString()]);
  if (json) {
    stdout.write(`${JSON.stringify(rows.map(([AccessKeyId, CreateDate]) => ({ AccessKeyId, CreateDate })))}\n`);
  } else if (rows.length === 0) {
    stdout.write('No keys yet; create one with: lambent keys create\n');
  } else {
    const { strong } = styleFor(stdout, env);
    stdout.write(`${columns([['Key', 'Created'].map(strong), ...rows])}\n`);
  }
}

function remove(ring: Keys, id: string): void {
  if (ring.delete(id)) return;
  throw new CommandError(exitCodes.refused, `Cannot delete key ${id}: there is none of that name`);
}
