/** A Python of this machine that has boto3, if there is one. */
import { execFileSync } from 'node:child_process';

export function boto3Python(): string | undefined {
  return ['/usr/bin/python3', 'python3'].find((program) => {
    try {
      execFileSync(program, ['-c', 'import boto3'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}
