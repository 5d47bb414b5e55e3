/**
 * Packages on the disk:
 *
 *   code/zip/<sha256>.zip        as uploaded; durable
 *   code/unpacked/<sha256>/      its content; made again from the ZIP where it is missing. Also of several together,
 *                                under the name that `laidTogether` gives them; made again from what they are
 *   code/unfinished/             what is being written; emptied at every start
 *   code/boot                    the boot of the machine in which the unpacked folders were written
 *
 * Unpacked files are not forced to the disk one by one (a package has thousands): when the machine has been started anew
 * since, what is unpacked is thrown away instead, because a power cut may have left half of it.
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../base/clock.ts';
import type { CodeStore } from '../../lambda/model/code-store.ts';
import { laidTogether, PackageError, type ReceivedPackage } from '../../lambda/model/code-store.ts';
import type { CodeReference } from '../../lambda/model/function.ts';
import { layTogether } from './lay-together.ts';
import { type Archive, memoryArchive, openArchive } from './zip/archive.ts';
import { readDirectory } from './zip/directory.ts';
import { type Plan, planOf } from './zip/plan.ts';
import { unpack } from './zip/unpack.ts';

/** Between being put and being in a function's record, nobody refers to a package. */
const sparedMs = 15 * 60_000;

export class CodeFiles implements CodeStore {
  readonly #clock: Clock;
  readonly #zips: string;
  readonly #unpacked: string;
  readonly #unfinished: string;
  readonly #unpacking = new Map<string, Promise<string>>();
  /** When a package was last put or asked for. */
  readonly #used = new Map<string, number>();
  /** How many hold a package. */
  readonly #held = new Map<string, number>();
  #next = 0;

  constructor(dataDir: string, clock: Clock) {
    this.#clock = clock;
    const folder = join(dataDir, 'code');
    this.#zips = join(folder, 'zip');
    this.#unpacked = join(folder, 'unpacked');
    this.#unfinished = join(folder, 'unfinished');
    rmSync(this.#unfinished, { recursive: true, force: true });
    forgetAfterReboot(folder, this.#unpacked);
    for (const each of [this.#zips, this.#unpacked, this.#unfinished]) mkdirSync(each, { recursive: true });
  }

  async receive(bytes: AsyncIterable<Buffer>): Promise<ReceivedPackage> {
    const path = this.#unfinishedPath();
    const hash = createHash('sha256');
    let size = 0;
    const counted = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    };
    const discard = () => rm(path, { force: true });
    try {
      await pipeline(bytes, counted, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }));
    } catch (error) {
      await discard();
      throw error;
    }
    return { path, sha256: hash.digest('hex'), size, [Symbol.asyncDispose]: discard };
  }

  async put(zip: Buffer | ReceivedPackage): Promise<CodeReference> {
    if (!Buffer.isBuffer(zip)) {
      await using archive = await openArchive(zip.path);
      return await this.#put(archive, zip.sha256, () => this.#name(zip.path, zip.sha256));
    }
    const sha256 = createHash('sha256').update(zip).digest('hex');
    return this.#put(memoryArchive(zip), sha256, () => this.#keep(sha256, zip));
  }

  async #put(archive: Archive, sha256: string, keep: () => Promise<void>): Promise<CodeReference> {
    const plan = planOf(readDirectory(archive));
    if (plan.files.length === 0) throw new PackageError('Uploaded file must be a non-empty zip');
    this.#used.set(sha256, this.#clock.now());
    // Only unpacking shows whether the content is what the directory says.
    await this.#once(sha256, () => this.#unpack(sha256, plan));
    if (!existsSync(this.#zip(sha256))) await keep();
    return { sha256, size: archive.size, unzippedSize: plan.unzippedSize };
  }

  read(sha256: string): Readable {
    return createReadStream(this.#zip(sha256));
  }

  unpacked(sha256: string): Promise<string> {
    this.#used.set(sha256, this.#clock.now());
    return this.#once(sha256, async () => {
      await using archive = await openArchive(this.#zip(sha256));
      return await this.#unpack(sha256, planOf(readDirectory(archive)));
    });
  }

  async together(parts: readonly string[]): Promise<string> {
    const [first = '', ...others] = parts;
    if (others.length === 0) return this.unpacked(first);
    const name = laidTogether(parts);
    this.#used.set(name, this.#clock.now());
    return this.#once(name, async () => {
      const folders = await Promise.all(parts.map((part) => this.unpacked(part)));
      return this.#fill(name, (building) => layTogether(folders, building));
    });
  }

  hold(sha256: string): Disposable {
    this.#held.set(sha256, (this.#held.get(sha256) ?? 0) + 1);
    const stack = new DisposableStack();
    stack.defer(() => this.#letGo(sha256));
    return stack;
  }

  async sweep(keep: ReadonlySet<string>): Promise<number> {
    let left = 0;
    const there = [...(await readdir(this.#zips)), ...(await readdir(this.#unpacked))];
    const known = new Set(there.map((name) => name.replace(/\.zip$/, '')));
    const before = this.#clock.now() - sparedMs;
    for (const sha256 of known) {
      if (keep.has(sha256)) continue;
      if (this.#held.has(sha256) || (this.#used.get(sha256) ?? 0) > before) left += 1;
      else await this.#remove(sha256);
    }
    return left;
  }

  #letGo(sha256: string): void {
    const others = (this.#held.get(sha256) ?? 0) - 1;
    if (others > 0) this.#held.set(sha256, others);
    else this.#held.delete(sha256);
  }

  #zip(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`Cannot find package ${sha256}: that is no SHA-256`);
    return join(this.#zips, `${sha256}.zip`);
  }

  /** However many ask, a package is unpacked once. */
  async #once(sha256: string, unpacking: () => Promise<string>): Promise<string> {
    const folder = join(this.#unpacked, sha256);
    if (existsSync(folder)) return folder;
    const running = this.#unpacking.get(sha256) ?? unpacking();
    this.#unpacking.set(sha256, running);
    try {
      return await running;
    } finally {
      this.#unpacking.delete(sha256);
    }
  }

  #unpack(sha256: string, plan: Plan): Promise<string> {
    return this.#fill(sha256, (building) => unpack(plan, building));
  }

  /** The folder appears under its name when it is complete. */
  async #fill(sha256: string, fill: (building: string) => Promise<void>): Promise<string> {
    const building = this.#unfinishedPath();
    const folder = join(this.#unpacked, sha256);
    try {
      await mkdir(building);
      await fill(building);
      await rename(building, folder);
      return folder;
    } catch (error) {
      await rm(building, { recursive: true, force: true });
      throw error;
    }
  }

  async #keep(sha256: string, zip: Buffer): Promise<void> {
    const writing = this.#unfinishedPath();
    await using file = await open(writing, 'wx', 0o600);
    await file.writeFile(zip);
    await file.sync();
    await this.#name(writing, sha256);
  }

  /** What is written already gets its name, which is durable then. */
  async #name(path: string, sha256: string): Promise<void> {
    await rename(path, this.#zip(sha256));
    await using folder = await open(this.#zips, 'r');
    await folder.sync();
  }

  /** Out of its names at once, so that whoever asks meanwhile finds all of it or nothing; then away. */
  async #remove(sha256: string): Promise<void> {
    this.#used.delete(sha256);
    const going = [this.#zip(sha256), join(this.#unpacked, sha256)].filter(existsSync).map((path) => {
      const to = this.#unfinishedPath();
      renameSync(path, to);
      return to;
    });
    for (const path of going) {
      await chmod(path, 0o700);
      await rm(path, { recursive: true, force: true });
    }
  }

  #unfinishedPath(): string {
    this.#next += 1;
    return join(this.#unfinished, String(this.#next));
  }
}

function forgetAfterReboot(folder: string, unpacked: string): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'boot');
  const boot = readOr('/proc/sys/kernel/random/boot_id', '');
  if (boot !== '' && boot === readOr(path, '')) return;
  rmSync(unpacked, { recursive: true, force: true });
  writeFileSync(`${path}.new`, boot);
  renameSync(`${path}.new`, path);
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}
