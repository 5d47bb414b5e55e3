/**
 * `npm run bench`: measures what budget.json promises, beside a bare `node:http` server as the limit and
 * serverless-offline as the peer. Starts what it needs on loopback, gives each case its time, leaves nothing running.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { styleFor } from '../src/cli/text.ts';
import { bounded } from './bounded.ts';
import { judge, readBudget, type Verdict } from './budget.ts';
import { async } from './cases/async.ts';
import { burst } from './cases/burst.ts';
import type { Case, Row, Run } from './cases/case.ts';
import { connections } from './cases/connections.ts';
import { events } from './cases/events.ts';
import { extensions } from './cases/extensions.ts';
import { firstInvokeCold, firstInvokeWarm } from './cases/first-invoke.ts';
import { http } from './cases/http.ts';
import { idle } from './cases/idle.ts';
import { throughput, warm, warmAwake } from './cases/load.ts';
import { manyFunctions } from './cases/many-functions.ts';
import { memory } from './cases/memory.ts';
import { objects } from './cases/objects.ts';
import { queues } from './cases/queues.ts';
import { snapStart } from './cases/snap-start.ts';
import { startUp } from './cases/start-up.ts';
import { streaming } from './cases/streaming.ts';
import { Children } from './children.ts';
import { promises, table } from './report.ts';
import { installPeer, peerPackages } from './targets/peer-install.ts';

const cases: Readonly<Record<string, Case>> = {
  warm,
  'warm-awake': warmAwake,
  throughput,
  'first-invoke': firstInvokeWarm,
  'first-invoke-cold': firstInvokeCold,
  'snap-start': snapStart,
  'start-up': startUp,
  memory,
  'many-functions': manyFunctions,
  objects,
  queues,
  burst,
  idle,
  async,
  streaming,
  extensions,
  http,
  connections,
  events,
};

const help = `npm run bench -- [--only CASE]... [--quick] [--json FILE]

  --only CASE   one of: ${Object.keys(cases).join(', ')}
  --quick       one short round of each: shows that it works, not how fast
  --json FILE   also writes the results there (they are always in bench/results.json)

Each case has its time, after which it is abandoned: all together end within ${Math.ceil(secondsMax() / 60)} minutes.`;

const root = join(import.meta.dirname, '..');
const style = styleFor(process.stdout, process.env);
let children = new Children();
const folder = mkdtempSync(join(tmpdir(), 'lambent-bench-'));
let stopping: Promise<void> | undefined;

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => abandon(code, `stopped by ${signal}`));
}
try {
  await bench();
} catch (error) {
  console.error(`${style.bad('bench:')} ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
await cleanUp();

async function bench(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(help);
  const chosen = chosenCases(values.only);
  build();
  const run = { root, folder, quick: values.quick, say: (line: string) => console.error(style.faint(line)) };
  if (chosen.some(([, one]) => one.peer)) await installPeer({ ...run, children }).catch(() => {});
  if (stopping !== undefined) return;
  const files = [join(import.meta.dirname, 'results.json'), ...(values.json ? [values.json] : [])];
  await runAll(chosen, run, (results) => {
    for (const file of files) writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  });
}

function chosenCases(only: readonly string[] = Object.keys(cases)): [string, Case][] {
  return only.map((name) => {
    const found = cases[name];
    if (found === undefined) throw new Error(`Cannot run case "${name}": there is no such case\n\n${help}`);
    return [name, found];
  });
}

function secondsMax(): number {
  return Object.values(cases).reduce((sum, one) => sum + one.secondsMax, 0);
}

/** What is shipped is measured: built JavaScript. */
function build(): void {
  const { status, stderr } = spawnSync(process.execPath, ['tools/build.ts'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`Cannot build what is to be measured:\n${stderr}`);
}

async function runAll(
  chosen: readonly [string, Case][],
  run: Omit<Run, 'children'>,
  save: (results: object) => void,
): Promise<void> {
  const machine = {
    node: process.version,
    processors: availableParallelism(),
    peer: peerPackages,
    startedAt: new Date().toISOString(),
    quick: run.quick,
  };
  console.log(
    `${style.strong('Lambent bench')} on ${machine.processors} processors, Node.js ${machine.node}, load ${load()}\n` +
      style.faint(
        'p50, p99: milliseconds until the whole answer. CPU: processor time an answer of the server, of the processes\n' +
          'below it, of the load client. others: processors that unrelated programs used meanwhile. Rounds of all subjects\n' +
          'take turns; shown is their median, and the best one. Requests are signed once and sent again as they are.\n',
      ),
  );
  const measured: Record<string, { rows: Row[]; loadAverage: number }> = {};
  const verdicts: Verdict[] = [];
  for (const [name, one] of chosen) {
    run.say(`${name}: ${one.title} (at most ${one.secondsMax} s)`);
    children = new Children();
    const rows = await bounded(one, { ...run, children });
    if (stopping !== undefined) return;
    measured[name] = { rows, loadAverage: loadavg()[0] ?? 0 };
    verdicts.push(...judge(name, rows, readBudget()));
    console.log(`${table(one, rows, style)}\n${style.faint(`load ${load()}`)}\n`);
    // After each, so that a run that is stopped has said what it knows.
    save({ machine, cases: measured, verdicts });
  }
  console.log(promises(verdicts, style));
}

function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

async function abandon(code: number, why: string): Promise<void> {
  if (stopping !== undefined) process.exit(code);
  console.error(`\nbench: ${why}, cleaning up; once more ends at once`);
  await cleanUp();
  process.exit(code);
}

function cleanUp(): Promise<void> {
  stopping ??= (async () => {
    await children.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  })();
  return stopping;
}
