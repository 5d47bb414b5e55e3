/** For tests beside the operations: the real table and reconciler on stores that live in memory. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { RequestContext } from '../../aws/operation.ts';
import type { Clock } from '../../base/clock.ts';
import { systemClock } from '../../base/clock.ts';
import { systemRandom } from '../../base/random.ts';
import { Turns } from '../../base/turns.ts';
import { silentLog } from '../../observe/log.ts';
import { memoryDocuments } from '../../store/testing/memory.ts';
import { Admission } from '../invoke/admit.ts';
import type { AsyncEvent, AsyncStore } from '../invoke/async-store.ts';
import type { Door, InvokeRequest, InvokeResult, StreamingDoor, StreamResult } from '../invoke/door.ts';
import { Recursion } from '../invoke/recursion.ts';
import { TraceSampler } from '../invoke/trace-sampler.ts';
import type { CodeStore } from '../model/code-store.ts';
import { PackageError, type ReceivedPackage } from '../model/code-store.ts';
import type { CodeReference, FunctionVersion } from '../model/function.ts';
import type { Mapping } from '../model/mapping/mapping.ts';
import { MappingReconciler, type Readers } from '../reconcile/mapping-reconciler.ts';
import { Provisioner } from '../reconcile/provisioner.ts';
import { Reconciler } from '../reconcile/reconciler.ts';
import { SnapshotTaker } from '../reconcile/snapshot-taker.ts';
import type { InstalledRuntime, Runtime } from '../runtimes/runtime.ts';
import type { LambdaParts } from './parts.ts';
import { createLambdaTable } from './table.ts';

export const role = 'arn:aws:iam::000000000000:role/run';
export const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** Takes whatever begins like a ZIP. */
export class MemoryCode implements CodeStore {
  readonly #packages = new Map<string, Buffer>();
  /** Set by a test that needs packages to be large. */
  unzippedSize = (zip: Buffer): number => zip.byteLength;
  /** Set by a test to hold or to fail what unpacks. */
  unpacking: () => Promise<void> = async () => {};
  async receive(): Promise<never> {
    throw new Error('These packages are in memory');
  }
  async put(zip: Buffer | ReceivedPackage): Promise<CodeReference> {
    if (!Buffer.isBuffer(zip)) return this.receive();
    if (!zip.subarray(0, 2).equals(Buffer.from('PK'))) {
      throw new PackageError('Could not unzip uploaded file. Please check your file, then try to upload again.');
    }
    const sha256 = createHash('sha256').update(zip).digest('hex');
    this.#packages.set(sha256, zip);
    return { sha256, size: zip.byteLength, unzippedSize: this.unzippedSize(zip) };
  }
  read(sha256: string) {
    const found = this.#packages.get(sha256);
    if (found) return Readable.from([found]);
    return new Readable({ read: (): void => {} }).destroy(new Error('ENOENT'));
  }
  async unpacked(sha256: string) {
    await this.unpacking();
    return `/unpacked/${sha256}`;
  }
  async together(parts: readonly string[]) {
    return `/unpacked/${parts.join('+')}`;
  }
  hold() {
    return new DisposableStack();
  }

  async sweep() {
    return 0;
  }
  forget() {
    this.#packages.clear();
  }
}

class MemoryAsync implements AsyncStore {
  readonly events: AsyncEvent[] = [];
  async add(event: AsyncEvent) {
    this.events.push(event);
  }
  claim() {
    return undefined;
  }
  async settle() {}
  async postpone() {}
  nextDueAt() {
    return undefined;
  }
  count() {
    return this.events.length;
  }
}

/** Reads nothing, and tells what it was asked for. */
class MemoryReaders implements Readers {
  readonly asked: string[] = [];
  hindrance: string | undefined;
  /** Set by a test: what is to happen before a stop is done. */
  stopping: () => Promise<void> = async () => {};
  check: LambdaParts['mappings']['check'] = async () => {};
  start({ functionName, configuration }: Mapping) {
    this.asked.push(`start ${functionName} ${configuration.BatchSize}`);
    return this.hindrance;
  }
  async stop() {
    await this.stopping();
    this.asked.push('stop');
  }
}

/** Time stands still until a test says otherwise; timers are real ones. */
export function standingClock(now: number): Clock & { set(ms: number): void } {
  let current = now;
  const set = (ms: number) => {
    current = ms;
  };
  return { ...systemClock, now: () => current, set };
}

export function runtimeOf(id: string, install: () => Promise<InstalledRuntime>, why?: string): Runtime {
  const family = id.startsWith('nodejs') ? 'nodejs' : 'python';
  const availability = () => (why === undefined ? ({ available: true } as const) : { available: false as const, why });
  return { id, family, versionLabel: id, availability, install };
}

export async function installed(): Promise<InstalledRuntime> {
  return { id: 'any', wire: 'framed', generic: true, mounts: [], command: [], environment: {}, coldVariables: [] };
}

export function createFixture(settings: Partial<LambdaParts['settings']> = {}) {
  const { functions, resources } = memoryDocuments();
  const code = new MemoryCode();
  const async = new MemoryAsync();
  const clock = standingClock(Date.UTC(2026, 10, 24, 1, 2, 3, 456));
  const runtimes = new Map<string, Runtime>([
    ['nodejs24.x', runtimeOf('nodejs24.x', installed)],
    ['python3.9', runtimeOf('python3.9', installed, 'no python3.9 in /usr/bin')],
  ]);
  const retired: FunctionVersion[] = [];
  const { door, invocations, next } = recordingDoor();
  const admission = new Admission({ limit: settings.concurrentExecutions ?? 1000, clock });
  const counts = { kicks: 0, accepted: 0, releases: 0 };
  const packages = { read: async () => ({ code: 'NoSuchBucket', message: 'The specified bucket does not exist' }) };
  const shared = { functions, resources, code, packages, runtimes, clock, random: systemRandom };
  const retire = (version: FunctionVersion) => void retired.push(version);
  const reconciler = new Reconciler({ ...shared, log: silentLog, retired: retire });
  const snapshotTaker = new SnapshotTaker({ resources, clock, random: systemRandom, log: silentLog });
  const { mappings, readers, mappingParts } = readingNothing(shared);
  const parts: LambdaParts = {
    ...shared,
    async,
    door,
    admission,
    recursion: new Recursion(),
    sampler: new TraceSampler({ clock, random: systemRandom }),
    provisioner: new Provisioner({ resources, admission }),
    turns: new Turns(),
    serverSecret: Buffer.from('the secret of a test'),
    kick: () => void counts.kicks++,
    snapshotWanted: (version) => snapshotTaker.wanted(version),
    asyncAccepted: () => void counts.accepted++,
    retired: retire,
    mappings: mappingParts,
    roles: { refusal: () => undefined, may: () => true, mayTell: () => true },
    released: () => void counts.releases++,
    settings: {
      concurrentExecutions: 1000,
      codeStorageBytesMax: 80_530_636_800,
      architecture: 'x86_64',
      ...settings,
    },
  };
  const table = createLambdaTable(parts);
  /** What is unfinished becomes finished. */
  const settle = async () => {
    reconciler.kick();
    await reconciler.idle();
    await mappings.idle();
  };
  return {
    table,
    parts,
    functions,
    resources,
    code,
    async,
    admission,
    clock,
    runtimes,
    retired,
    invocations,
    next,
    counts,
    settle,
    readers,
    mappings,
  };
}

/** Keeps what it is asked for, and answers `next.result`. */
function recordingDoor() {
  const invocations: InvokeRequest[] = [];
  const next: { result: InvokeResult; stream?: StreamResult } = {
    result: { kind: 'success', payload: Buffer.from('null') },
  };
  const door: Door & StreamingDoor = {
    async invoke(request) {
      invocations.push(request);
      return next.result;
    },
    async stream(request) {
      invocations.push(request);
      return next.stream ?? next.result;
    },
  };
  return { door, invocations, next };
}

function readingNothing(parts: Pick<LambdaParts, 'resources' | 'clock' | 'random'>) {
  const readers = new MemoryReaders();
  const mappings = new MappingReconciler({ ...parts, log: silentLog, readers });
  const mappingParts: LambdaParts['mappings'] = {
    kick: (mapping) => mappings.kick(mapping),
    lastResult: () => undefined,
    check: (mapping, timeoutSeconds) => readers.check(mapping, timeoutSeconds),
  };
  return { readers, mappings, mappingParts };
}

export type Fixture = ReturnType<typeof createFixture>;

export function contextOf(operation: string, overrides: Partial<RequestContext> = {}): RequestContext {
  return {
    service: 'lambda',
    operation,
    region: 'us-east-1',
    accountId: '000000000000',
    principal: { kind: 'root', accountId: '000000000000', arn: 'arn:aws:iam::000000000000:root' },
    requestId: '11111111-2222-4333-8444-555555555555',
    endpoint: 'http://127.0.0.1:4566',
    headers: {},
    signal: new AbortController().signal,
    responseHeaders: {},
    ...overrides,
  };
}

export const zip = Buffer.from('PK of a test');

/** CreateFunction with what it needs, changed by `input`. */
export async function create(
  { table }: Fixture,
  input: Partial<Parameters<typeof table.CreateFunction.handle>[0]> = {},
) {
  return table.CreateFunction.handle(
    {
      FunctionName: 'hello',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: role,
      Code: { ZipFile: zip },
      ...input,
    },
    contextOf('CreateFunction'),
  );
}
