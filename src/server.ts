/** The composition root: settings in, parts built, started, and drained in order; nothing else. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Clock } from './base/clock.ts';
import { systemClock } from './base/clock.ts';
import { deferred } from './base/deferred.ts';
import { systemRandom } from './base/random.ts';
import { Turns } from './base/turns.ts';
import type { RunningServer } from './cli/up.ts';
import type { Settings } from './config/settings.ts';
import { Authenticator } from './iam/authenticate.ts';
import { issueSession } from './iam/session.ts';
import { createFront, type Front } from './ingress/front.ts';
import { healthRoute } from './ingress/health.ts';
import { usageRoute } from './ingress/usage.ts';
import { codeLinkRoute } from './lambda/api/code-link.ts';
import { lambdaRules } from './lambda/api/rules.ts';
import { createLambdaTable } from './lambda/api/table.ts';
import { createDataPlane, type DataPlane } from './lambda/compose.ts';
import { createSourcePlane, type SourcePlane } from './lambda/compose-sources.ts';
import { createRuntimeApi, type RuntimeApi } from './lambda/environments/runtime-api/server.ts';
import { chooseSandboxKind } from './lambda/environments/sandbox/choose.ts';
import type { SandboxKind } from './lambda/environments/sandbox/sandbox.ts';
import type { RoleCredentials } from './lambda/environments/variables.ts';
import { Admission } from './lambda/invoke/admit.ts';
import { AsyncPump } from './lambda/invoke/async-pump.ts';
import { functionKeyOf } from './lambda/invoke/async-store.ts';
import type { Door, StreamingDoor } from './lambda/invoke/door.ts';
import { Recursion } from './lambda/invoke/recursion.ts';
import type { FunctionVersion } from './lambda/model/function.ts';
import { versionToRun } from './lambda/model/qualifier.ts';
import { ownedKey } from './lambda/model/resources.ts';
import { CodeSweeper } from './lambda/reconcile/code-sweeper.ts';
import { Provisioner } from './lambda/reconcile/provisioner.ts';
import { Reconciler } from './lambda/reconcile/reconciler.ts';
import { createRuntimes } from './lambda/runtimes/table.ts';
import type { Log } from './observe/log.ts';
import { cloudwatchRules } from './services/cloudwatch/rules.ts';
import { type Cloudwatch, createCloudwatch } from './services/cloudwatch/service.ts';
import { createLogsTable } from './services/logs/api/table.ts';
import { logsRules } from './services/logs/rules.ts';
import { createS3Table } from './services/s3/api/table.ts';
import { namedOrigin } from './services/s3/origins.ts';
import { s3Rules } from './services/s3/rules.ts';
import { createSqsTable } from './services/sqs/api/table.ts';
import { sqsRules } from './services/sqs/rules.ts';
import { createSqs, type Sqs } from './services/sqs/sqs.ts';
import { createStsTable } from './services/sts/api/table.ts';
import { stsRules } from './services/sts/rules.ts';
import { openStore, type Store } from './store/open.ts';

const clock: Clock = systemClock;
const random = systemRandom;
/** AWS keeps 75 GB of zipped code for each account and region. */
const codeStorageBytesMax = 75 * 1024 ** 3;
const sessionMs = 12 * 3_600_000;
const freezeAfterMs = 100;
const leaseWaitMsMax = 60_000;
const asyncConcurrencyMax = 128;

export async function startServer(settings: Settings, { log }: { log: Log }): Promise<RunningServer> {
  const store = await openStore({ dataDir: settings.data, clock, log });
  const runtimes = createRuntimes({ dataDir: settings.data, log, pythonDirectories: settings.pythonDirectories });
  const runtimeApi = createRuntimeApi();
  const door = new LaterDoor();
  const installed = (runtimeId: string) => void door.plane?.keepWarm(runtimeId);
  const { functions, resources, code } = store;
  const admission = admissionOf(store, settings);
  const recursion = recursionOf(store);
  const provisioner = new Provisioner({ resources, admission });
  const sweeper = new CodeSweeper({ functions, code, clock, log });
  const retired = (version: FunctionVersion) => {
    door.plane?.pool.retireVersion(version.id);
    sweeper.kick();
  };
  const reconciler = new Reconciler({ functions, resources, code, runtimes, clock, random, log, retired, installed });
  const pump = asyncPump({ store, door, admission, log });
  const sources = createSourcePlane({ resources: store.resources, clock, random, log });
  const { metrics, alarms } = store;
  const actions = { knows: () => false, perform: async () => {} };
  const cloudwatch = createCloudwatch({ metrics, alarms, actions, clock, log });
  const sqs = createSqs({ ...store.sqs, serverSecret: store.serverSecret, clock, random, log });
  const engines = { door, admission, recursion, provisioner, reconciler, pump, sweeper, sources, cloudwatch, sqs };
  const front = createServices({ settings, log, store, runtimes, retired, ...engines });
  try {
    const { port } = await front.listen(settings.port, settings.host);
    const kind = await sandboxKind({ settings, log, runtimeApi, front, port });
    const plane = dataPlane({ settings, log, store, kind, runtimes, runtimeApi, admission, recursion, cloudwatch });
    door.open(plane, kind);
    log.info('Listening', { port, sandbox: kind.name, auth: settings.auth });
    warmUp(store, plane, log);
    provisioner.begin(plane.pool);
    void sweeper.sweep();
    reconciler.kick();
    pump.look();
    sources.begin();
    cloudwatch.start();
    sqs.start();
    const parts = { settings, store, front, pump, sources, reconciler, sweeper, plane, kind, cloudwatch, sqs };
    return { port, drain: () => drain(parts) };
  } catch (error) {
    await front.drain(0);
    await store.close();
    throw error;
  }
}

interface PumpInput {
  readonly store: Store;
  readonly door: Door;
  readonly admission: Admission;
  readonly log: Log;
}

function asyncPump({ store, door, admission, log }: PumpInput): AsyncPump {
  const versions = { functions: store.functions, resources: store.resources, random };
  return new AsyncPump({
    store: store.async,
    door,
    clock,
    random,
    log,
    places: (key) => admission.reserved(key),
    config: (event) =>
      store.resources.get('event-invoke-config', ownedKey(functionKeyOf(event), event.qualifier ?? '$LATEST')),
    concurrencyMax: asyncConcurrencyMax,
    resolve: ({ accountId, region, functionName: name, qualifier }) =>
      versionToRun(versions, { accountId, region, name }, qualifier),
  });
}

/** With every reservation that is kept. */
function admissionOf({ resources }: Store, { concurrentExecutions }: Settings): Admission {
  const admission = new Admission({ limit: concurrentExecutions, clock });
  for (const { key, value } of resources.all('reserved-concurrency')) {
    admission.reserve({ ...key, name: key.owner }, value.places);
  }
  return admission;
}

/** With every function that wants to be in a loop. */
function recursionOf({ resources }: Store): Recursion {
  const recursion = new Recursion();
  for (const { key, value } of resources.all('recursion-config')) {
    recursion.allow({ ...key, name: key.owner }, value.recursiveLoop === 'Allow');
  }
  return recursion;
}

interface ServicesInput {
  readonly settings: Settings;
  readonly log: Log;
  readonly store: Store;
  readonly runtimes: ReturnType<typeof createRuntimes>;
  readonly door: LaterDoor;
  readonly admission: Admission;
  readonly recursion: Recursion;
  readonly provisioner: Provisioner;
  readonly reconciler: Reconciler;
  readonly pump: AsyncPump;
  readonly sweeper: CodeSweeper;
  readonly sources: SourcePlane;
  readonly cloudwatch: Cloudwatch;
  readonly sqs: Sqs;
  retired(version: FunctionVersion): void;
}

/** Every service's operation table, behind the one port. */
function createServices(input: ServicesInput): Front {
  const { settings, log, store, door } = input;
  const { code, serverSecret } = store;
  const callers = new Authenticator({ mode: settings.auth, keys: store.keys, serverSecret, clock });
  return createFront({
    services: {
      lambda: lambdaTable(input),
      cloudwatch: input.cloudwatch.table,
      logs: createLogsTable({ logs: store.logs, clock }),
      s3: createS3Table({ objects: store.objects, clock, callers }),
      sqs: createSqsTable(input.sqs),
      sts: createStsTable(),
    },
    rules: {
      lambda: lambdaRules(store),
      cloudwatch: cloudwatchRules,
      logs: logsRules,
      s3: s3Rules(store.objects),
      sqs: sqsRules(input.sqs.queues),
      sts: stsRules,
    },
    authentication: settings.auth,
    keys: store.keys,
    serverSecret,
    defaultRegion: settings.region,
    routes: [
      healthRoute(() => ({ sandbox: door.kind?.name ?? 'starting', environments: door.plane?.pool.count ?? 0 })),
      usageRoute({ usage: store.usage, settled: () => store.logs.read(), open: settings.auth === 'open' }),
      codeLinkRoute({ code, serverSecret, clock }),
    ],
    log,
    clock,
    random,
    allowedHosts: [settings.host],
    namedOrigin: (request) => namedOrigin(store.objects, request),
  });
}

function lambdaTable(input: ServicesInput) {
  const { settings, store, door, reconciler, pump, sweeper, sources } = input;
  const { functions, resources, code, serverSecret } = store;
  return createLambdaTable({
    functions,
    resources,
    code,
    async: store.async,
    door,
    admission: input.admission,
    recursion: input.recursion,
    provisioner: input.provisioner,
    turns: new Turns(),
    runtimes: input.runtimes,
    serverSecret,
    clock,
    random,
    kick: () => reconciler.kick(),
    asyncAccepted: () => pump.look(),
    retired: input.retired,
    released: () => sweeper.kick(),
    mappings: sources.mappings,
    settings: {
      concurrentExecutions: settings.concurrentExecutions,
      codeStorageBytesMax,
      architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
    },
  });
}

interface KindInput {
  readonly settings: Settings;
  readonly log: Log;
  readonly runtimeApi: RuntimeApi;
  readonly front: Front;
  readonly port: number;
}

function sandboxKind({ settings, log, runtimeApi, front, port }: KindInput): Promise<SandboxKind> {
  return chooseSandboxKind(settings.sandbox, {
    doors: { runtimeApi: runtimeApi.accept, awsEndpoint: (socket) => front.accept(socket) },
    log,
    clock,
    awsPort: port,
    stateDir: join(settings.data, 'environments'),
    network: settings.network,
  });
}

interface PlaneInput {
  readonly settings: Settings;
  readonly log: Log;
  readonly store: Store;
  readonly kind: SandboxKind;
  readonly runtimes: ReturnType<typeof createRuntimes>;
  readonly runtimeApi: RuntimeApi;
  readonly admission: Admission;
  readonly recursion: Recursion;
  readonly cloudwatch: Cloudwatch;
}

function dataPlane({
  settings,
  log,
  store,
  kind,
  runtimes,
  runtimeApi,
  admission,
  recursion,
  cloudwatch,
}: PlaneInput): DataPlane {
  return createDataPlane({
    kind,
    clock,
    random,
    log,
    code: store.code,
    fileSystems: settings.fileSystems,
    runtimes,
    functionLog: cloudwatch.watched(store.logs),
    metrics: cloudwatch.lambda,
    meter: store.usage,
    admission,
    recursion,
    persist: () => store.logs.persist(),
    credentials: (version) => roleCredentials(store.serverSecret, version),
    httpLink: runtimeApi.link,
    settings: {
      environmentsMax: settings.environmentsMax,
      memoryBudgetMb: Math.floor(settings.memoryBudget / 1024 / 1024),
      freezeAfterMs,
      idleMsMax: settings.idleMinutes * 60_000,
      leaseWaitMsMax,
      startingMax: 2 * availableParallelism(),
      warmPerRuntime: settings.warmEnvironments,
    },
  });
}

function roleCredentials(serverSecret: Buffer, version: FunctionVersion): RoleCredentials {
  return issueSession({
    serverSecret,
    roleArn: version.configuration.role,
    sessionName: version.name,
    accountId: version.accountId,
    expiresAt: clock.now() + sessionMs,
    random,
  });
}

/** Runtimes of functions that are there already have waiting environments from the start. */
function warmUp(store: Store, plane: DataPlane, log: Log): void {
  for (const id of store.functions.runtimesInUse()) {
    plane.keepWarm(id).catch((error) => log.warn('Cannot prepare a runtime', { runtime: id, why: String(error) }));
  }
}

interface Parts {
  readonly settings: Settings;
  readonly store: Store;
  readonly front: Front;
  readonly pump: AsyncPump;
  readonly sources: SourcePlane;
  readonly sqs: Sqs;
  readonly reconciler: Reconciler;
  readonly sweeper: CodeSweeper;
  readonly plane: DataPlane;
  readonly kind: SandboxKind;
  readonly cloudwatch: Cloudwatch;
}

/** Outside in: no new requests, what runs ends, environments go, the store closes last. */
async function drain(parts: Parts): Promise<void> {
  const { settings, store, front, pump, sources, reconciler, sweeper, plane, kind, cloudwatch, sqs } = parts;
  const deadlineMs = settings.drainSeconds * 1000;
  const { promise: late, resolve } = deferred<void>();
  const cancel = clock.after(deadlineMs, resolve);
  await Promise.race([Promise.all([front.drain(deadlineMs), pump.stop(), sources.stop(), sqs.stop()]), late]);
  cancel();
  plane.engine.drain();
  await reconciler.close();
  await sweeper.close();
  await plane.close();
  await kind.close();
  await cloudwatch.stop();
  await store.close();
}

/** Requests may arrive while the sandbox is still being chosen: they wait for it. */
class LaterDoor implements Door, StreamingDoor {
  plane: DataPlane | undefined;
  kind: SandboxKind | undefined;
  readonly #opened = Promise.withResolvers<DataPlane>();

  open(plane: DataPlane, kind: SandboxKind): void {
    this.plane = plane;
    this.kind = kind;
    this.#opened.resolve(plane);
  }

  async invoke(request: Parameters<Door['invoke']>[0]): ReturnType<Door['invoke']> {
    const plane = this.plane ?? (await this.#opened.promise);
    return plane.engine.invoke(request);
  }

  async stream(request: Parameters<StreamingDoor['stream']>[0]): ReturnType<StreamingDoor['stream']> {
    const plane = this.plane ?? (await this.#opened.promise);
    return plane.engine.stream(request);
  }
}
