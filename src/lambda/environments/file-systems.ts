import { statSync } from 'node:fs';
import type { Log } from '../../observe/log.ts';
import { type FunctionVersion, functionArn } from '../model/function.ts';
import type { Mount, SandboxKind } from './sandbox/sandbox.ts';

export interface FileSystemsParts {
  readonly kind: Pick<SandboxKind, 'name' | 'guarantees'>;
  /** Folders of this machine by the ARN of the access point that they stand for. */
  readonly folders: ReadonlyMap<string, string>;
  readonly log: Log;
}

/** What stands for the EFS access points of functions. What cannot be shown is said once, and left out. */
export class FileSystems {
  readonly #parts: FileSystemsParts;
  readonly #said = new Set<string>();

  constructor(parts: FileSystemsParts) {
    this.#parts = parts;
    for (const [accessPoint, folder] of parts.folders) {
      const why = unfit(folder);
      if (why !== undefined)
        parts.log.warn('Functions cannot use a file system as it is', { accessPoint, folder, why });
    }
  }

  /** Folders to be shown read-write. */
  mountsOf(version: FunctionVersion): readonly Mount[] {
    const wanted = version.configuration.stored.FileSystemConfigs ?? [];
    return wanted.flatMap(({ Arn = '', LocalMountPath: target = '' }) => {
      const source = this.#parts.folders.get(Arn);
      const why = this.#obstacle(version, Arn, source);
      if (source !== undefined && why === undefined) return [{ source, target }];
      this.#say(version, Arn, why ?? '');
      return [];
    });
  }

  #obstacle({ accountId, region }: FunctionVersion, arn: string, source: string | undefined): string | undefined {
    const { kind } = this.#parts;
    if (source === undefined) return 'no folder stands for it: name one with --file-systems';
    if (!arn.includes(`:${region}:${accountId}:`)) return 'it is in another account or region than the function';
    return kind.guarantees.ownFileSystem
      ? undefined
      : `functions in the sandbox ${kind.name} have no mounts of their own`;
  }

  #say(version: FunctionVersion, accessPoint: string, why: string): void {
    const what = `${functionArn(version)} ${accessPoint}`;
    if (this.#said.has(what)) return;
    this.#said.add(what);
    this.#parts.log.warn('A function runs without its file system', {
      function: functionArn(version),
      accessPoint,
      why,
    });
  }
}

/** Functions are users of their own, for whom only what everybody may counts. */
function unfit(folder: string): string | undefined {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return 'there is no such folder: functions that name it do not start';
  return (found.mode & 0o007) === 0o007 ? undefined : `functions may not write there: chmod 777 ${folder}`;
}
