/**
 * Bodies that are too large for the database:
 *
 *   objects/unfinished/<id>   being written, or committed a moment ago
 *   objects/<xx>/<id>         at home; xx is how the id begins
 *
 * A body is forced to the disk in `unfinished`, then the database says whose it is, then it moves home. Whatever happens
 * in between, a start looks through the few files of `unfinished` alone: those that the database knows move home, the
 * others go. Files of what was deleted stand in the database, without an owner, until they are gone.
 */
import { mkdirSync } from 'node:fs';
import { type FileHandle, link, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '../../base/random.ts';
import type { Piece } from './records.ts';

const readBytes = 256 * 1024;

export class BodyFiles {
  readonly #folder: string;
  readonly #unfinished: string;
  readonly #random: Random;
  /** Called when the last reader of a file lets go of it. */
  #released: () => void = () => {};
  readonly #homes = new Set<string>();
  /** How many read a file. */
  readonly #readers = new Map<string, number>();
  /** On their way home; what removes them waits. */
  readonly #moving = new Map<string, Promise<void>>();

  constructor(dataDir: string, random: Random) {
    this.#folder = join(dataDir, 'objects');
    this.#unfinished = join(this.#folder, 'unfinished');
    this.#random = random;
    mkdirSync(this.#unfinished, { recursive: true, mode: 0o700 });
  }

  onRelease(released: () => void): void {
    this.#released = released;
  }

  /** A new file to write into; nobody's until the database says so. */
  async create(): Promise<{ id: string; file: FileHandle }> {
    const id = this.#random.hex(16);
    return { id, file: await open(this.#young(id), 'wx', 0o600) };
  }

  /** The same bytes under other names, without reading them; durable when it resolves. From this call on their files stay. */
  async twins(pieces: readonly Piece[]): Promise<Piece[]> {
    const letGo = this.#hold(pieces);
    const made: Piece[] = [];
    try {
      for (const { file, size } of pieces) made.push({ file: await this.#twin(file), size });
      await this.syncNames();
      return made;
    } catch (error) {
      for (const { file } of made) await this.discard(file);
      throw error;
    } finally {
      letGo();
    }
  }

  /** Once the database knows a file. Readers find it on both sides of the move. */
  async settle(id: string): Promise<void> {
    const moving = this.#move(id).finally(() => this.#moving.delete(id));
    this.#moving.set(id, moving);
    await moving;
  }

  /** A file that never became anybody's. */
  async discard(id: string): Promise<void> {
    await rm(this.#young(id), { force: true });
  }

  /** Removes what the database says is nobody's; false while somebody reads it. */
  async remove(id: string): Promise<boolean> {
    if (this.#readers.has(id)) return false;
    await this.#moving.get(id)?.catch(() => {});
    await rm(this.#young(id), { force: true });
    await rm(this.#home(id), { force: true });
    return true;
  }

  /**
   * The bytes from `start` to before `end` of the pieces in a row. From this call on, and not only from the first read,
   * their files stay: until it is read to its end or told to return.
   */
  read(pieces: readonly Piece[], start: number, end: number): AsyncIterableIterator<Buffer> {
    const wanted = stretches(pieces, start, end);
    const letGo = this.#hold(wanted);
    const chunks = this.#chunks(wanted, letGo);
    return {
      next: () => chunks.next(),
      async return() {
        // A generator that was never asked for anything ends without its `finally`.
        letGo();
        return chunks.return(undefined);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** At a start: what the last one left in the middle. */
  async recover(isOwned: (id: string) => boolean): Promise<void> {
    for (const id of await readdir(this.#unfinished)) {
      if (isOwned(id)) await this.#move(id);
      else await rm(this.#young(id), { force: true });
    }
  }

  async *#chunks(wanted: readonly Stretch[], letGo: () => void): AsyncGenerator<Buffer, undefined> {
    try {
      for (const stretch of wanted) yield* this.#readFile(stretch);
      return undefined;
    } finally {
      letGo();
    }
  }

  async *#readFile({ file: id, start, end }: Stretch): AsyncGenerator<Buffer> {
    await using file = await this.#wherever(id, (path) => open(path, 'r'));
    let at = start;
    while (at < end) {
      const buffer = Buffer.allocUnsafe(Math.min(readBytes, end - at));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) throw new Error(`Cannot read body file ${id}: it ends at ${at}, before ${end}`);
      at += bytesRead;
      yield bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead);
    }
  }

  async #twin(id: string): Promise<string> {
    const other = this.#random.hex(16);
    await this.#wherever(id, (path) => link(path, this.#young(other)));
    return other;
  }

  async #wherever<T>(id: string, action: (path: string) => Promise<T>): Promise<T> {
    try {
      return await action(this.#home(id));
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
    // It was not at home yet; when it is not here any more either, it has arrived meanwhile.
    return action(this.#young(id)).catch(() => action(this.#home(id)));
  }

  /** Makes the names of new files as durable as their bytes. */
  async syncNames(): Promise<void> {
    await using folder = await open(this.#unfinished, 'r');
    await folder.sync();
  }

  #hold(held: readonly { readonly file: string }[]): () => void {
    for (const { file } of held) this.#readers.set(file, (this.#readers.get(file) ?? 0) + 1);
    let holding = true;
    return () => {
      if (holding) for (const { file } of held) this.#letGo(file);
      holding = false;
    };
  }

  #letGo(id: string): void {
    const others = (this.#readers.get(id) ?? 0) - 1;
    if (others > 0) {
      this.#readers.set(id, others);
      return;
    }
    this.#readers.delete(id);
    this.#released();
  }

  async #move(id: string): Promise<void> {
    const home = id.slice(0, 2);
    if (!this.#homes.has(home)) {
      await mkdir(join(this.#folder, home), { recursive: true, mode: 0o700 });
      await using folder = await open(this.#folder, 'r');
      await folder.sync();
      this.#homes.add(home);
    }
    await rename(this.#young(id), this.#home(id));
  }

  #young(id: string): string {
    return join(this.#unfinished, id);
  }

  #home(id: string): string {
    return join(this.#folder, id.slice(0, 2), id);
  }
}

interface Stretch {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

function stretches(pieces: readonly Piece[], start: number, end: number): Stretch[] {
  const wanted: Stretch[] = [];
  let at = 0;
  for (const { file, size } of pieces) {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, size)];
    if (from < to) wanted.push({ file, start: from, end: to });
    at += size;
  }
  return wanted;
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
