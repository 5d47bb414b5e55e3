/** Removes body files that are nobody's any more: after a commit that made them so, and those that a start finds. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Log } from '../../observe/log.ts';
import type { Writer } from '../sqlite/writer.ts';
import type { BodyFiles } from './body-files.ts';

const batch = 100;

export class Orphans {
  readonly #files: BodyFiles;
  readonly #writer: Writer;
  readonly #log: Log;
  readonly #some: StatementSync;
  #running: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(reader: DatabaseSync, writer: Writer, files: BodyFiles, log: Log) {
    this.#some = reader.prepare('SELECT id FROM object_file WHERE owner IS NULL AND id > ? ORDER BY id LIMIT ?');
    this.#files = files;
    this.#writer = writer;
    this.#log = log;
    files.onRelease(() => this.kick());
  }

  /** Looks for them, soon; what fails is tried again with the next kick or start. */
  kick(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#running ??= this.#run();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    // What is kicked in the same turn is found by the same look.
    await Promise.resolve();
    try {
      while (this.#again && !this.#closed) {
        this.#again = false;
        await this.#removeAll();
      }
    } catch (error) {
      if (!this.#closed) this.#log.warn('Cannot remove deleted bodies', { why: String(error) });
    } finally {
      this.#running = undefined;
    }
  }

  async #removeAll(): Promise<void> {
    let after = '';
    for (;;) {
      const ids = this.#some.all(after, batch).map(({ id }) => String(id));
      for (const id of ids) if (await this.#files.remove(id)) await this.#forget(id);
      const last = ids.at(-1);
      if (last === undefined || this.#closed) return;
      after = last;
    }
  }

  #forget(id: string): Promise<boolean> {
    return this.#writer.write([{ sql: 'DELETE FROM object_file WHERE id = ?', params: [id] }]);
  }
}
