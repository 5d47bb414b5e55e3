/** The composition root: settings in, parts built, started, and drained in order; nothing else. */
import { systemClock as clock } from './base/clock.ts';
import { deferred } from './base/deferred.ts';
import { systemRandom as random } from './base/random.ts';
import type { RunningServer } from './cli/up.ts';
import type { Base } from './composition/base.ts';
import { createDoors } from './composition/doors.ts';
import { beginEngines, createEngines, type Engines, endEngines } from './composition/engines.ts';
import { settleRoles } from './composition/former-roles.ts';
import { dataPlane, sandboxKind, warmUp } from './composition/plane.ts';
import { beginServices, createServices, endServices, type Services } from './composition/services.ts';
import { createSources } from './composition/sources.ts';
import type { Settings } from './config/settings.ts';
import type { Front } from './ingress/front.ts';
import { TlsIdentity } from './ingress/tls/identity.ts';
import type { DataPlane } from './lambda/compose.ts';
import type { SourcePlane } from './lambda/compose-sources.ts';
import { createRuntimeApi } from './lambda/environments/runtime-api/server.ts';
import type { SandboxKind } from './lambda/environments/sandbox/sandbox.ts';
import type { Log } from './observe/log.ts';
import { openStore } from './store/open.ts';

export async function startServer(settings: Settings, { log }: { log: Log }): Promise<RunningServer> {
  const identity = tlsIdentity(settings, log);
  const store = await openStore({ dataDir: settings.data, clock, log });
  const base: Base = { settings, store, log, clock, random };
  settleRoles(base);
  const engines = createEngines(base);
  const services = createServices(base, engines);
  const sources = createSources(base, engines, services);
  const front = createDoors(base, { ...engines, sources }, services, identity);
  const runtimeApi = createRuntimeApi();
  try {
    const { port } = await front.listen(settings.port, settings.host);
    const kind = await sandboxKind(base, { runtimeApi, front, port });
    const plane = dataPlane(base, engines, { kind, runtimeApi, ...services });
    engines.door.open(plane, kind);
    log.info('Listening', { port, sandbox: kind.name, auth: settings.auth });
    warmUp(base, plane);
    beginEngines(engines, plane);
    beginServices(services);
    sources.begin();
    const parts = { engines, services, sources, front, plane, kind };
    return {
      port,
      drain() {
        identity?.[Symbol.dispose]();
        return drain(base, parts);
      },
      reload: identity && (() => identity.reload()),
    };
  } catch (error) {
    await front.drain(0);
    await store.close();
    throw error;
  }
}

/** Throws before anything is opened when the files cannot be used. */
function tlsIdentity({ tlsCert: cert, tlsKey: key }: Settings, log: Log): TlsIdentity | undefined {
  return cert === '' ? undefined : new TlsIdentity({ files: { cert, key }, clock, log });
}

interface Parts {
  readonly engines: Engines;
  readonly services: Services;
  readonly sources: SourcePlane;
  readonly front: Front;
  readonly plane: DataPlane;
  readonly kind: SandboxKind;
}

/** Outside in: no new requests, what runs ends, environments go, the store closes last. */
async function drain(
  { settings, store }: Base,
  { engines, services, sources, front, plane, kind }: Parts,
): Promise<void> {
  const deadlineMs = settings.drainSeconds * 1000;
  const { promise: late, resolve } = deferred<void>();
  const cancel = clock.after(deadlineMs, resolve);
  const asked = [
    front.drain(deadlineMs),
    engines.pump.stop(),
    sources.stop(),
    services.sqs.stop(),
    services.outbox.stop(),
  ];
  await Promise.race([Promise.all(asked), late]);
  cancel();
  await endEngines(engines, plane);
  await kind.close();
  await endServices(services);
  await store.close();
}
