/** A body on its way in: in memory while it is small, then in a file of its own. Durable once it is finished. */
import type { FileHandle } from 'node:fs/promises';
import type { BodyFiles } from './body-files.ts';
import type { Piece } from './records.ts';

/** Up to here a body is a row of the database: one commit instead of a file, its sync and its rename. */
export const inlineBytesMax = 16 * 1024;
/** Gathered before a write: a system call for every piece that the network brings would cost more than the bytes. */
const gatheredBytesMax = 1024 * 1024;

/** Finished, and nobody's yet: whoever gets it commits or discards it. */
export type StagedBody =
  | { readonly kind: 'inline'; readonly size: number; readonly bytes: Buffer }
  | { readonly kind: 'files'; readonly size: number; readonly pieces: readonly Piece[] };

export class Staging {
  readonly #files: BodyFiles;
  readonly #inlineMax: number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #size = 0;
  #open: { readonly id: string; readonly file: FileHandle } | undefined;

  constructor(files: BodyFiles, { inline }: { readonly inline: boolean }) {
    this.#files = files;
    this.#inlineMax = inline ? inlineBytesMax : -1;
  }

  /** Resolves when more may come. */
  async write(bytes: Buffer): Promise<void> {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    this.#size += bytes.length;
    if (this.#heldBytes >= gatheredBytesMax) await this.#flush();
  }

  async finish(): Promise<StagedBody> {
    if (this.#open === undefined && this.#size <= this.#inlineMax) {
      return { kind: 'inline', size: this.#size, bytes: Buffer.concat(this.#held, this.#size) };
    }
    const { id, file } = await this.#flush();
    await file.datasync();
    await file.close();
    await this.#files.syncNames();
    return { kind: 'files', size: this.#size, pieces: [{ file: id, size: this.#size }] };
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    this.#held = [];
    if (this.#open === undefined) return;
    await this.#open.file.close().catch(() => {});
    await this.#files.discard(this.#open.id);
  }

  async #flush(): Promise<{ id: string; file: FileHandle }> {
    this.#open ??= await this.#files.create();
    const { file } = this.#open;
    const held = this.#held;
    const bytes = this.#heldBytes;
    this.#held = [];
    this.#heldBytes = 0;
    if (bytes === 0) return this.#open;
    const { bytesWritten } = await file.writev(held);
    if (bytesWritten !== bytes) await file.writeFile(Buffer.concat(held).subarray(bytesWritten));
    return this.#open;
  }
}
