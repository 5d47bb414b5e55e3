import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../config/start-error.ts';

const bytes = 32;

/** What the server signs links and session tokens with: made at the first start, the same ever after. */
export function serverSecret(dataDir: string): Buffer {
  const path = join(dataDir, 'server.secret');
  return known(path) ?? made(path, dataDir);
}

function known(path: string): Buffer | undefined {
  let secret: Buffer;
  try {
    secret = readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  if (secret.length === bytes) return secret;
  throw new StartError('data-damaged', `Cannot use ${path}: it has ${secret.length} bytes, expected ${bytes}`);
}

/** The name appears with the bytes already on the disk. */
function made(path: string, dataDir: string): Buffer {
  const secret = randomBytes(bytes);
  const fd = openSync(`${path}.new`, 'w', 0o600);
  writeSync(fd, secret);
  fsyncSync(fd);
  closeSync(fd);
  renameSync(`${path}.new`, path);
  const folder = openSync(dataDir, 'r');
  fsyncSync(folder);
  closeSync(folder);
  return secret;
}
