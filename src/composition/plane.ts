/** The data plane: the sandbox of this machine, and the engine on it. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { issueSession } from '../iam/session.ts';
import type { Front } from '../ingress/front.ts';
import { createDataPlane, type DataPlane } from '../lambda/compose.ts';
import type { RuntimeApi } from '../lambda/environments/runtime-api/server.ts';
import { chooseSandboxKind } from '../lambda/environments/sandbox/choose.ts';
import type { SandboxKind } from '../lambda/environments/sandbox/sandbox.ts';
import type { RoleCredentials } from '../lambda/environments/variables.ts';
import { Tracer } from '../lambda/invoke/tracer.ts';
import type { ExecutionRoles } from '../lambda/model/execution-roles.ts';
import type { FunctionVersion } from '../lambda/model/function.ts';
import type { Cloudwatch } from '../services/cloudwatch/service.ts';
import type { Base } from './base.ts';
import type { Engines } from './engines.ts';
import { logPermission } from './log-permission.ts';

const sessionMs = 12 * 3_600_000;
const freezeAfterMs = 100;
const leaseWaitMsMax = 60_000;

interface KindInput {
  readonly runtimeApi: RuntimeApi;
  readonly front: Front;
  readonly port: number;
}

export function sandboxKind(
  { settings, log, clock }: Base,
  { runtimeApi, front, port }: KindInput,
): Promise<SandboxKind> {
  return chooseSandboxKind(settings.sandbox, {
    doors: { runtimeApi: runtimeApi.accept, awsEndpoint: (socket) => front.accept(socket) },
    log,
    clock,
    awsPort: port,
    // Inside of namespaces it is always plain HTTP, which passes no wire; the machine's own port has a certificate then.
    ownAwsPort: settings.tlsCert === '' ? undefined : async () => (await front.listenPlain()).port,
    stateDir: join(settings.data, 'environments'),
    network: settings.network,
  });
}

interface PlaneInput {
  readonly kind: SandboxKind;
  readonly runtimeApi: RuntimeApi;
  readonly cloudwatch: Cloudwatch;
  readonly executionRoles: ExecutionRoles;
}

export function dataPlane(
  base: Base,
  engines: Engines,
  { kind, runtimeApi, cloudwatch, executionRoles }: PlaneInput,
): DataPlane {
  const { settings, store, log, clock, random } = base;
  const { runtimes, admission, recursion, spans } = engines;
  return createDataPlane({
    kind,
    clock,
    random,
    log,
    code: store.code,
    fileSystems: settings.fileSystems,
    runtimes,
    functionLog: cloudwatch.watched(store.logs),
    mayLog: logPermission(base, executionRoles),
    metrics: cloudwatch.lambda,
    meter: store.usage,
    tracer: spans && new Tracer({ sink: spans, clock, random }),
    admission,
    recursion,
    sampler: engines.sampler,
    persist: () => store.logs.persist(),
    credentials: (version) => roleCredentials(base, version),
    httpLink: runtimeApi.link,
    httpExtensions: runtimeApi.extensions,
    settings: {
      environmentsMax: settings.environmentsMax,
      memoryBudgetMb: Math.floor(settings.memoryBudget / 1024 / 1024),
      freezeAfterMs,
      idleMsMax: settings.idleMinutes * 60_000,
      leaseWaitMsMax,
      startingMax: Math.max(2, availableParallelism()),
      initialisingMax: 16 * availableParallelism(),
      warmPerRuntime: settings.warmEnvironments,
      snapshots: settings.snapStart === 'fork',
    },
  });
}

function roleCredentials({ store, clock, random }: Base, version: FunctionVersion): RoleCredentials {
  return issueSession({
    serverSecret: store.serverSecret,
    session: { roleArn: version.configuration.role },
    sessionName: version.name,
    accountId: version.accountId,
    expiresAt: clock.now() + sessionMs,
    random,
  });
}

/** Runtimes of functions that are there already have waiting environments from the start. */
export function warmUp({ store, log }: Base, plane: DataPlane): void {
  for (const id of store.functions.runtimesInUse()) {
    plane.keepWarm(id).catch((error) => log.warn('Cannot prepare a runtime', { runtime: id, why: String(error) }));
  }
}
