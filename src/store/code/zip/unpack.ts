import { createWriteStream } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fewAtATime } from '../few-at-a-time.ts';
import { content, contentBytesMax, pour } from './inflate.ts';
import { checkedTarget, type Plan, type PlannedFile } from './plan.ts';

/** Writes a plan into an empty folder. Links come last, so that nothing is written through one. */
export async function unpack(plan: Plan, into: string): Promise<void> {
  for (const path of plan.folders.keys()) await mkdir(join(into, path), { mode: 0o700 });
  await fewAtATime(plan.files, (file) => writeOne(file, into));
  await fewAtATime(plan.links, (link) => linkOne(link, into));
  // The creation mask does not count here: what the package says does.
  for (const [path, mode] of plan.folders) await chmod(join(into, path), mode);
  await chmod(into, 0o755);
}

async function writeOne({ path, mode, entry }: PlannedFile, into: string): Promise<void> {
  const at = join(into, path);
  if (Math.max(entry.size, entry.data.length) > contentBytesMax)
    await pour(entry, createWriteStream(at, { flags: 'wx', mode: 0o600 }));
  else await writeFile(at, await content(entry), { flag: 'wx', mode: 0o600 });
  await chmod(at, mode);
}

async function linkOne({ path, entry }: PlannedFile, into: string): Promise<void> {
  const target = (await content(entry)).toString('utf8');
  await symlink(checkedTarget(path, target), join(into, path));
}
