/** Keys of a data folder, as its operator makes them. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Credentials } from './roles.ts';

const program = join(import.meta.dirname, '../../bin/lambent');

export function createKey(dataDir: string, ...more: string[]): Credentials {
  const words = ['keys', 'create', '--json', '--data', dataDir, ...more];
  const { AccessKeyId, SecretAccessKey } = JSON.parse(execFileSync(program, words, { encoding: 'utf8' }));
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
}
