import { quote } from '../launcher.ts';

interface Launch {
  readonly id: string;
  /** The pipe for both outputs. */
  readonly output: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly cwd: string;
}

/**
 * A subshell stays as long as the runtime does, to report its end and to kill its group when the launcher says so. Where
 * `setsid` is missing (macOS), job control gives the runtime at least a process group of its own.
 */
export function launchScript({ id, output, environment, command, cwd }: Launch): string {
  const assignments = Object.entries(environment).map(([name, value]) => quote(`${name}=${value}`));
  const start = `cd ${quote(cwd)} 2>/dev/null; exec env -i ${[...assignments, ...command.map(quote)].join(' ')}`;
  const redirect = `</dev/null >${quote(output)} 2>&1`;
  return `(
    trap 'kill -KILL -$p $p 2>/dev/null; exit' TERM
    if command -v setsid >/dev/null; then setsid sh -c ${quote(start)} ${redirect} & p=$!
    else set -m; sh -c ${quote(start)} ${redirect} & p=$!; set +m; fi
    echo ${id} started $p
    wait $p
    echo ${id} exit $?
  ) &`;
}
