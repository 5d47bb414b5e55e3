/**
 * The disk behind an environment's `/tmp`: a sparse ext4 image on a loop device. A file system in memory would be simpler,
 * but what is written there counts as the function's memory: a 128 MB function that writes 300 MB to `/tmp`, as it may on
 * Lambda, would be killed. What is written to a disk is cache, which the kernel takes back when memory is short.
 *
 * All of it happens in the launcher: a mount takes 9 ms, an unmount writes what is left to write.
 */
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../../../observe/log.ts';
import { type Launcher, quote } from '../launcher.ts';
import { type Libc, MS } from './libc.ts';

interface DisksOptions {
  readonly libc: Libc;
  readonly launcher: () => Launcher;
  readonly log: Log;
  readonly folder: string;
}

export interface Disk {
  /** Takes it away from where it was mounted; nobody may use it any more. */
  remove(): Promise<void>;
}

// Neither journal nor barriers: nothing here outlives its environment, let alone a power cut.
const mountOptions = 'loop,nosuid,nodev,noatime,nobarrier,noinit_itable';
const format = 'mke2fs -q -F -t ext4 -m 0 -i 16384 -O ^has_journal,^resize_inode -E lazy_itable_init=1,nodiscard';

/** What ext4 itself takes: its inode tables (256 bytes for each 16 KiB) and a little more. */
const imageBytes = (bytes: number) => Math.ceil((bytes * 1.02 + (1 << 20)) / 4_096) * 4_096;

/**
 * A disk with more than this on it is told to forget what it has not written yet, before it is unmounted: up to its whole
 * size would be written for nothing. Telling takes a millisecond of this thread, so a little is rather written.
 */
const worthAbandoningBytes = 8 << 20;

function usedBytes(target: string): number {
  const { blocks, bfree, bsize } = statfsSync(target);
  return (blocks - bfree) * bsize;
}

export class Disks {
  readonly #options: DisksOptions;
  readonly #templates = new Map<number, Promise<string>>();
  #inMemory = false;
  #made = 0;

  constructor(options: DisksOptions) {
    this.#options = options;
    // Left over from a server that was killed; the mounts are gone with its number.
    rmSync(options.folder, { recursive: true, force: true });
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  }

  /** Mounts an empty disk of this size at the folder, writable by everybody. */
  async mount(target: string, bytes: number): Promise<Disk> {
    if (!this.#inMemory) {
      try {
        return await this.#mountImage(target, bytes);
      } catch (error) {
        this.#inMemory = true;
        const why = error instanceof Error ? error.message : String(error);
        this.#options.log.warn('What functions write to /tmp counts as their memory: no loop device to be had', {
          why,
        });
      }
    }
    return this.#mountMemory(target, bytes);
  }

  close(): void {
    rmSync(this.#options.folder, { recursive: true, force: true });
  }

  async #mountImage(target: string, bytes: number): Promise<Disk> {
    const { libc, folder, launcher } = this.#options;
    const template = await this.#template(bytes);
    const image = join(folder, `${this.#made++}.img`);
    const copy = `cp --sparse=always --reflink=auto ${quote(template)} ${quote(image)}`;
    const mount = `mount -t ext4 -o ${mountOptions} ${quote(image)} ${quote(target)}`;
    await launcher().execute(`${copy} && ${mount} && rm ${quote(image)}`);
    return {
      async remove() {
        if (usedBytes(target) > worthAbandoningBytes) libc.abandonFileSystem(target);
        await launcher().execute(`umount ${quote(target)}`);
      },
    };
  }

  #template(bytes: number): Promise<string> {
    const known = this.#templates.get(bytes);
    if (known) return known;
    const made = this.#makeTemplate(bytes);
    made.catch(() => this.#templates.delete(bytes));
    this.#templates.set(bytes, made);
    return made;
  }

  async #makeTemplate(bytes: number): Promise<string> {
    const { folder, launcher } = this.#options;
    const path = join(folder, `${bytes}.template`);
    const [file, at] = [quote(path), quote(`${path}.mount`)];
    const steps = [
      `truncate -s ${imageBytes(bytes)} ${file}`,
      `${format} ${file}`,
      `mkdir ${at}`,
      `mount -t ext4 -o ${mountOptions} ${file} ${at}`,
      `rmdir ${at}/lost+found`,
      `chmod 1777 ${at}`,
      // Another namespace that starts just now has a copy of the mount for a moment: then unmounting writes nothing yet.
      `sync -f ${at}`,
      `umount ${at}`,
    ];
    await launcher().execute(steps.join(' && '));
    return path;
  }

  #mountMemory(target: string, bytes: number): Disk {
    const { libc } = this.#options;
    const data = `mode=1777,size=${bytes},nr_inodes=${Math.max(1_024, Math.floor(bytes / 8_192))}`;
    libc.mount({ source: 'tmp', target, type: 'tmpfs', flags: MS.NOSUID | MS.NODEV, data });
    return {
      async remove() {
        libc.unmount(target);
      },
    };
  }
}
