/** A server that will be killed: two environments, a late placement, a frozen one; says `ready` and waits for its end. */
import { once } from 'node:events';
import { createNamespaceKind } from '../namespace/namespace-kind.ts';
import { createProcessKind } from '../process/process-kind.ts';
import { Harness } from './harness.ts';

const [, , name, folder, marker] = process.argv;
const harness = await Harness.open((options) => {
  const own = { ...options, stateDir: `${folder}/state` };
  return name === 'process' ? createProcessKind(own) : createNamespaceKind(own);
});
const spec = { environment: { [String(marker)]: '1' }, network: true };
const running = await harness.start('console.log("up"); setInterval(() => {}, 1000)', spec);
await once(running.output, 'data');
await running.place({ task: harness.code('late', '') });
const frozen = await harness.start('console.log("up"); setInterval(() => {}, 1000)', spec);
await once(frozen.output, 'data');
frozen.freeze();
const busy = await harness.start('for (;;) console.log("busy")', spec);
await once(busy.output, 'data');
process.stdout.write('ready\n');
