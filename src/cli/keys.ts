/** `lambent keys`: access keys for signed requests, made in the data folder itself: without one, no request is let in. */
import { totalmem } from 'node:os';
import { type Arguments, UsageError } from '../config/flags.ts';
import { readSettings } from '../config/settings.ts';
import type { Keys, ListedKey, NewKey } from '../store/keys/keys.ts';
import type { Command, Outside } from './command.ts';
import { CommandError, exitCodes } from './exit.ts';
import { policyFiles } from './policy-files.ts';
import { columns, printable, styleFor } from './text.ts';

/** Loaded with the command: the store is nothing that other commands need. */
export type OpenKeys = (dataDir: string) => Keys;

const usualAccount = '000000000000';

export const keys = (openKeys: () => Promise<OpenKeys>): Command => ({
  operands: 'create|list|update|delete [KEY-ID]',
  operandCount: { min: 1, max: 2 },
  about:
    'Access keys for a server that wants signed requests. A key is the root of its account and may do everything in it, ' +
    'or with --user a user, who may do what the IAM policies in the files of --policy allow and nothing else. Works on the ' +
    'data folder, so it needs the same --data as the server; a running server knows what has changed at once. A secret is ' +
    'shown once.',
  flags: {
    data: { placeholder: 'DIR', says: "The server's data folder; else $LAMBENT_DATA, ~/.local/share/lambent" },
    user: { placeholder: 'NAME', says: 'create: The key of a user of that name instead of the root' },
    account: { placeholder: 'ID', says: `create: The twelve digits of the account; else ${usualAccount}` },
    policy: {
      placeholder: 'FILE',
      multiple: true,
      says: "create, update: A policy of the user's, as JSON; may be given more than once",
    },
    json: { says: 'Print JSON, for programs' },
  },
  examples: [
    ['lambent keys create', 'A new key, and how to use it'],
    ['lambent keys create --user ci --policy deploy.json', 'A key that may do what deploy.json allows'],
    ['lambent keys list', 'Which keys there are'],
    ['lambent keys update AKIAEXAMPLE --policy less.json', 'Other policies for a user, in place of all it had'],
    ['lambent keys delete AKIAEXAMPLE', 'Nobody gets in with that one any more'],
  ],
  async run(given, outside) {
    const act = action(given, outside);
    const data = dataFolder(given, outside);
    const ring = (await openKeys())(data);
    try {
      act(ring);
    } finally {
      ring.close();
    }
    return exitCodes.ok;
  },
});

type Act = (ring: Keys) => void;

/** What is asked for, once all of it was found to be possible: before the data folder is touched. */
function action({ flags, lists, positionals }: Arguments, outside: Outside): Act {
  const [name = '', id] = positionals;
  const json = flags.json === true;
  refuseStrayFlags(name, flags, lists);
  switch (name) {
    case 'create': {
      refuseId(id);
      const key = { ...wanted(flags, lists.policy), createdAt: outside.clock.now() };
      return (ring) => create(ring, key, outside, json);
    }
    case 'list':
      refuseId(id);
      return (ring) => list(ring, outside, json);
    case 'update': {
      const policies = policyFiles(lists.policy);
      const key = needed(id, name);
      return (ring) => update(ring, key, policies);
    }
    case 'delete': {
      const key = needed(id, name);
      return (ring) => remove(ring, key);
    }
    default:
      throw new UsageError(`Cannot ${name} keys: expected create, list, update or delete`);
  }
}

function refuseStrayFlags(name: string, flags: Arguments['flags'], lists: Arguments['lists']): void {
  for (const flag of ['user', 'account']) {
    if (flags[flag] !== undefined && name !== 'create')
      throw new UsageError(`Cannot use --${flag}: only create takes it`);
  }
  if (lists.policy !== undefined && name !== 'create' && name !== 'update') {
    throw new UsageError('Cannot use --policy: only create and update take it');
  }
}

function refuseId(id: string | undefined): void {
  if (id !== undefined) throw new UsageError(`Cannot use ${id}: only update and delete name a key`);
}

function needed(id: string | undefined, name: string): string {
  if (id === undefined) throw new UsageError(`Cannot ${name} a key: KEY-ID is missing`);
  return id;
}

/** The key that is to be. */
function wanted(
  { user, account = usualAccount }: Arguments['flags'],
  files: readonly string[] = [],
): Omit<NewKey, 'createdAt'> {
  const accountId = String(account);
  if (!/^\d{12}$/.test(accountId))
    throw new UsageError(`Cannot use --account ${accountId}: an account has twelve digits`);
  if (user === undefined) {
    if (files.length > 0)
      throw new UsageError('Cannot use --policy without --user: nothing holds the root of an account');
    return { accountId };
  }
  if (!/^[\w+=,.@-]{1,64}$/.test(String(user))) {
    throw new UsageError(`Cannot use --user ${user}: a name has up to 64 letters, digits and any of +=,.@_-`);
  }
  return { accountId, user: String(user), policies: policyFiles(files) };
}

function dataFolder({ flags }: Arguments, outside: Outside): string {
  const { data } = readSettings(flags.data === undefined ? {} : { data: flags.data }, {
    env: { LAMBENT_DATA: outside.env.LAMBENT_DATA, XDG_DATA_HOME: outside.env.XDG_DATA_HOME },
    home: outside.home,
    memoryBytes: totalmem(),
  });
  return data;
}

function create(ring: Keys, wantedKey: NewKey, { stdout, stderr, env }: Outside, json: boolean): void {
  const key = ring.create(wantedKey);
  if (json) {
    // The names that `aws configure export-credentials` uses.
    stdout.write(`${JSON.stringify({ AccessKeyId: key.accessKeyId, SecretAccessKey: key.secretAccessKey })}\n`);
    return;
  }
  const { faint } = styleFor(stderr, env);
  if (key.kind === 'user' && key.policies.length === 0) {
    stderr.write(`${faint(`${key.principalArn} has no policy: it may do only what functions' own policies allow.`)}\n`);
  }
  stderr.write(`${faint('The secret is shown this once. In a shell:')}\n`);
  stdout.write(`export AWS_ACCESS_KEY_ID=${key.accessKeyId}\nexport AWS_SECRET_ACCESS_KEY=${key.secretAccessKey}\n`);
}

function list(ring: Keys, { stdout, env }: Outside, json: boolean): void {
  const all = ring.list();
  if (json) {
    stdout.write(`${JSON.stringify(all.map(described))}\n`);
  } else if (all.length === 0) {
    stdout.write('No keys yet; create one with: lambent keys create\n');
  } else {
    const { strong } = styleFor(stdout, env);
    stdout.write(`${columns([['Key', 'Created', 'Whose', 'Policies'].map(strong), ...all.map(row)])}\n`);
  }
}

function described({ accessKeyId, createdAt, principalArn, policies, active }: ListedKey) {
  return {
    AccessKeyId: accessKeyId,
    CreateDate: new Date(createdAt).toISOString(),
    Arn: principalArn,
    Status: active ? 'Active' : 'Inactive',
    Policies: policies.map((document) => JSON.parse(document)),
  };
}

function row({ accessKeyId, createdAt, principalArn, policies, active }: ListedKey): string[] {
  const held = principalArn.endsWith(':root') ? 'all' : String(policies.length);
  const id = `${printable(accessKeyId)}${active ? '' : ' (inactive)'}`;
  return [id, new Date(createdAt).toISOString(), printable(principalArn), held];
}

function update(ring: Keys, id: string, policies: readonly string[]): void {
  if (ring.setPolicies(id, policies)) return;
  throw new CommandError(exitCodes.refused, `Cannot update key ${id}: there is no user's key of that name`);
}

function remove(ring: Keys, id: string): void {
  if (ring.delete(id)) return;
  throw new CommandError(exitCodes.refused, `Cannot delete key ${id}: there is none of that name`);
}
