/** Everything that is kept, opened in the order in which it can fail helpfully. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import type { UsageLedger } from '../lambda/invoke/meter.ts';
import type { CodeStore } from '../lambda/model/code-store.ts';
import type { FunctionStore } from '../lambda/model/function-store.ts';
import type { ResourceStore } from '../lambda/model/resources.ts';
import type { Log } from '../observe/log.ts';
import { ApiStore } from './apis/api-store.ts';
import { CodeFiles } from './code/code-files.ts';
import { SqliteDeliveries } from './deliveries/deliveries.ts';
import { type Keys, openKeys } from './keys/keys.ts';
import { type DataLock, lockData } from './lock.ts';
import { journalFolder } from './logs/journal-file.ts';
import { LogJournal } from './logs/log-journal.ts';
import { LogStore } from './logs/log-store.ts';
import { SqliteUsage } from './logs/usage-ledger.ts';
import { AlarmStore } from './metrics/alarm-store.ts';
import { MetricStore } from './metrics/metric-store.ts';
import { ObjectStore } from './objects/object-store.ts';
import { startProblem } from './problem.ts';
import { RestStore } from './restapis/rest-store.ts';
import { serverSecret } from './secret.ts';
import { TopicStore } from './sns/topics.ts';
import { SqliteAsyncEvents } from './sqlite/async-events.ts';
import { openForReading, openForWriting } from './sqlite/connection.ts';
import { SqliteFunctions } from './sqlite/functions.ts';
import { migrate } from './sqlite/migrate.ts';
import { SqliteResources } from './sqlite/resources.ts';
import { schema } from './sqlite/schema.ts';
import { Writer } from './sqlite/writer.ts';
import { SqliteMessages } from './sqs/messages.ts';
import { SqliteQueues } from './sqs/queues.ts';

export interface StoreOptions {
  /** Made where it is not there. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Store {
  readonly functions: FunctionStore;
  readonly resources: ResourceStore;
  readonly code: CodeStore;
  readonly async: SqliteAsyncEvents;
  readonly keys: Keys;
  readonly logs: LogStore;
  readonly usage: UsageLedger;
  readonly objects: ObjectStore;
  readonly metrics: MetricStore;
  readonly alarms: AlarmStore;
  readonly deliveries: SqliteDeliveries;
  readonly topics: TopicStore;
  readonly sqs: { readonly records: SqliteQueues; readonly messages: SqliteMessages };
  readonly apis: ApiStore;
  readonly rest: RestStore;
  /** 32 bytes that nobody else knows. */
  readonly serverSecret: Buffer;
  /** Finishes what was asked for, then lets go of the data folder. */
  close(): Promise<void>;
}

/** Throws `StartError` when the data folder cannot be used. */
export async function openStore({ dataDir, clock, log }: StoreOptions): Promise<Store> {
  // What has been opened is closed again, last first: at the end, or when something after it cannot be opened.
  await using opened = new AsyncDisposableStack();
  const lock = await explained(dataDir, () => locked(dataDir));
  opened.defer(() => lock.release());
  const path = join(dataDir, 'lambent.db');
  const reader = opened.use(await explained(path, () => migrated(path)));
  const secret = await explained(join(dataDir, 'server.secret'), () => serverSecret(dataDir));
  const keys = openKeys(dataDir);
  opened.defer(() => keys.close());
  const code = await explained(join(dataDir, 'code'), () => new CodeFiles(dataDir, clock));
  const writer = new Writer(path);
  opened.defer(() => writer.close());
  const folder = join(dataDir, 'journal');
  const journal = await explained(folder, () => {
    return LogJournal.open({ folder: journalFolder(dataDir), reader, writer, clock, log });
  });
  opened.defer(() => journal.close());
  const objects = await explained(join(dataDir, 'objects'), () => {
    return ObjectStore.open({ dataDir, reader, writer, clock, random: systemRandom, log });
  });
  opened.defer(() => objects.close());
  const open = opened.move();
  const resources = new SqliteResources(reader, writer);
  return {
    functions: new SqliteFunctions(reader, writer, resources),
    resources,
    code,
    async: new SqliteAsyncEvents(reader, writer),
    keys,
    logs: new LogStore(reader, writer, journal),
    usage: new SqliteUsage(reader, journal),
    objects,
    metrics: new MetricStore(reader, writer),
    alarms: new AlarmStore(reader, writer),
    deliveries: new SqliteDeliveries(reader, writer, clock),
    topics: new TopicStore(reader, writer),
    sqs: { records: new SqliteQueues(reader, writer), messages: new SqliteMessages(reader, writer) },
    apis: new ApiStore(reader, writer),
    rest: new RestStore(reader, writer),
    serverSecret: secret,
    close: once(() => open.disposeAsync()),
  };
}

/** Asked for twice, done once. */
function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= action();
    return done;
  };
}

function locked(dataDir: string): DataLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return lockData(dataDir);
}

function migrated(path: string): DatabaseSync {
  const database = openForWriting(path);
  try {
    // Functions' environment variables are in it.
    chmodSync(path, 0o600);
    migrate(database, schema);
  } finally {
    database.close();
  }
  return openForReading(path);
}

async function explained<T>(path: string, open: () => T | Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    throw startProblem(path, error);
  }
}
