/** What makes functions run: admission, the queue, and the reconcilers that make records true. */
import { Roles } from '../iam/roles.ts';
import type { DataPlane } from '../lambda/compose.ts';
import { Admission } from '../lambda/invoke/admit.ts';
import { AsyncMetrics } from '../lambda/invoke/async-metrics.ts';
import { AsyncPump } from '../lambda/invoke/async-pump.ts';
import { functionKeyOf } from '../lambda/invoke/async-store.ts';
import { Recursion } from '../lambda/invoke/recursion.ts';
import { TraceSampler } from '../lambda/invoke/trace-sampler.ts';
import type { FunctionVersion } from '../lambda/model/function.ts';
import { versionToRun } from '../lambda/model/qualifier.ts';
import { ownedKey } from '../lambda/model/resources.ts';
import type { BudgetWatch } from '../lambda/reconcile/budget-watch.ts';
import { CodeSweeper } from '../lambda/reconcile/code-sweeper.ts';
import { ProvisionedMeter } from '../lambda/reconcile/provisioned-meter.ts';
import { Provisioner } from '../lambda/reconcile/provisioner.ts';
import { Reconciler } from '../lambda/reconcile/reconciler.ts';
import { SnapshotTaker } from '../lambda/reconcile/snapshot-taker.ts';
import { createRuntimes } from '../lambda/runtimes/table.ts';
import type { OtlpExporter } from '../observe/otlp/exporter.ts';
import type { Base } from './base.ts';
import { budgetWatch } from './budgets.ts';
import { Destinations } from './destinations.ts';
import { LaterDoor } from './later-door.ts';
import { spanExporter } from './spans.ts';

const asyncConcurrencyMax = 128;

export interface Engines {
  readonly door: LaterDoor;
  readonly runtimes: ReturnType<typeof createRuntimes>;
  readonly admission: Admission;
  readonly recursion: Recursion;
  readonly sampler: TraceSampler;
  readonly provisioner: Provisioner;
  readonly provisionedMeter: ProvisionedMeter;
  readonly budgets: BudgetWatch;
  readonly sweeper: CodeSweeper;
  readonly reconciler: Reconciler;
  readonly snapshotTaker: SnapshotTaker;
  readonly destinations: Destinations;
  /** What roles may do. */
  readonly roles: Roles;
  readonly pump: AsyncPump;
  /** Takes traces, where somebody wants them. */
  readonly spans: OtlpExporter | undefined;
  retired(version: FunctionVersion): void;
}

export function createEngines(base: Base): Engines {
  const { settings, store, log, clock, random } = base;
  const { functions, resources, code } = store;
  const runtimes = createRuntimes({ dataDir: settings.data, log, pythonDirectories: settings.pythonDirectories });
  const door = new LaterDoor();
  const installed = (runtimeId: string) => void door.plane?.keepWarm(runtimeId);
  const admission = admissionOf(base);
  const destinations = new Destinations();
  const sweeper = new CodeSweeper({ functions, code, clock, log });
  const retired = (version: FunctionVersion) => {
    door.plane?.pool.retireVersion(version.id);
    door.plane?.snapshots.discard(version.id);
    sweeper.kick();
  };
  const snapshotTaker = new SnapshotTaker({ resources, clock, random, log });
  const snapshotWanted = (version: FunctionVersion) => snapshotTaker.wanted(version);
  const changing = () => provisionedMeter.look();
  const provisioner = new Provisioner({ resources, admission, changing });
  const provisionedMeter = new ProvisionedMeter({ clock, meter: store.usage, made: () => provisioner.made() });
  const pump = asyncPump(base, { door, admission, destinations });
  return {
    door,
    runtimes,
    admission,
    recursion: recursionOf(base),
    sampler: new TraceSampler(base),
    provisioner,
    provisionedMeter,
    budgets: budgetWatch(base, pump),
    sweeper,
    reconciler: new Reconciler({
      functions,
      resources,
      code,
      runtimes,
      clock,
      random,
      log,
      retired,
      snapshotWanted,
      installed,
    }),
    snapshotTaker,
    destinations,
    roles: new Roles({ mode: settings.auth, keys: store.keys, clock }),
    pump,
    spans: spanExporter(base),
    retired,
  };
}

/** What was left unfinished, and what waits, goes on. */
export function beginEngines(engines: Engines, plane: DataPlane): void {
  const { provisioner, provisionedMeter, budgets, sweeper, reconciler, snapshotTaker, pump } = engines;
  provisioner.begin(plane.pool);
  provisionedMeter.begin();
  void sweeper.sweep();
  reconciler.kick();
  snapshotTaker.begin(plane.snapshots);
  pump.look();
  budgets.begin();
}

/** Nothing new runs; what runs has ended before. */
export async function endEngines(engines: Engines, plane: DataPlane): Promise<void> {
  const { provisionedMeter, budgets, reconciler, snapshotTaker, sweeper, spans } = engines;
  provisionedMeter.stop();
  await budgets.stop();
  plane.engine.drain();
  await reconciler.close();
  await snapshotTaker.close();
  await sweeper.close();
  await plane.close();
  await spans?.close();
}

type PumpEngines = Pick<Engines, 'admission' | 'destinations'> & { readonly door: LaterDoor };

function asyncPump({ store, clock, random, log }: Base, { door, admission, destinations }: PumpEngines): AsyncPump {
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
    targets: destinations,
    metrics: new AsyncMetrics(() => door.plane?.metrics),
    concurrencyMax: asyncConcurrencyMax,
    resolve: ({ accountId, region, functionName: name, qualifier }) =>
      versionToRun(versions, { accountId, region, name }, qualifier),
  });
}

/** With every reservation that is kept. */
function admissionOf({ store, settings, clock }: Base): Admission {
  const admission = new Admission({ limit: settings.concurrentExecutions, clock });
  for (const { key, value } of store.resources.all('reserved-concurrency')) {
    admission.reserve({ ...key, name: key.owner }, value.places);
  }
  return admission;
}

/** With every function that wants to be in a loop. */
function recursionOf({ store }: Base): Recursion {
  const recursion = new Recursion();
  for (const { key, value } of store.resources.all('recursion-config')) {
    recursion.allow({ ...key, name: key.owner }, value.recursiveLoop === 'Allow');
  }
  return recursion;
}
