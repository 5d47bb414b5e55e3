import { StartError, type StartProblem } from '../config/start-error.ts';
import { NewerDatabaseError } from './sqlite/migrate.ts';
import { WriteError } from './sqlite/writer.ts';

/**
 * Says in a sentence why the data folder cannot be used; `path` is what was being opened. An error of ours, and not of
 * the system or the database, is given back as it is.
 */
export function startProblem(path: string, error: unknown): unknown {
  if (!isOutside(error)) return error;
  const found = error.message;
  const options = { cause: error };
  if (error instanceof NewerDatabaseError) {
    const advice = 'use the version of Lambent that wrote it, or a newer one';
    return new StartError('data-damaged', `Cannot open ${path}: ${found}; ${advice}`, options);
  }
  const problem = problemOf(error);
  const verb = problem === 'data-unwritable' ? 'write' : 'read';
  return new StartError(problem, `Cannot ${verb} ${path}: ${found}; ${advice[problem] ?? ''}`, options);
}

const advice: Partial<Record<StartProblem, string>> = {
  'data-unwritable': 'make room or change its owner, or choose another folder with --data',
  'data-unreadable': 'change its owner, or choose another folder with --data',
  'data-damaged': 'take the data folder back from a backup, or choose another with --data',
};

function isOutside(error: unknown): error is Error {
  if (error instanceof NewerDatabaseError || error instanceof WriteError) return true;
  return error instanceof Error && !(error instanceof StartError) && ('syscall' in error || 'errcode' in error);
}

/** By SQLite's primary result code, or by the system's name of the error. */
function problemOf(error: unknown): StartProblem {
  if (error instanceof WriteError) return 'data-unwritable';
  const { code, errcode } = codesOf(error);
  // SQLITE_CORRUPT and SQLITE_NOTADB; SQLITE_ERROR is a table that is not as we left it.
  if ([1, 11, 26].includes(errcode & 0xff)) return 'data-damaged';
  // SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL.
  if ([8, 10, 13].includes(errcode & 0xff)) return 'data-unwritable';
  return ['EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST'].includes(code) ? 'data-unwritable' : 'data-unreadable';
}

function codesOf(error: unknown): { code: string; errcode: number } {
  if (!(error instanceof Error)) return { code: '', errcode: 0 };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const errcode = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0;
  return { code, errcode };
}
