/** Policies from files, checked before they count for anybody. */
import { readFileSync } from 'node:fs';
import { MalformedPolicy } from '../iam/policy/malformed.ts';
import { policyOf } from '../iam/policy/policy.ts';
import { CommandError, exitCodes } from './exit.ts';

export function policyFiles(paths: readonly string[] = []): string[] {
  return paths.map(policyFile);
}

function policyFile(path: string): string {
  const text = contents(path);
  try {
    policyOf(text, 'identity');
  } catch (error) {
    if (!(error instanceof MalformedPolicy)) throw error;
    throw new CommandError(exitCodes.data, `Cannot use the policy ${path}: ${error.message.replace(/\.$/, '')}`);
  }
  return text;
}

function contents(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandError(exitCodes.data, `Cannot read the policy ${path}: ${String((error as Error).message)}`);
  }
}
