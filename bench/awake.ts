/**
 * On a virtual machine the processor that sleeps and is woken is most of a short request: to halt and to be sent an
 * interrupt each leave the guest. With a little polling before it halts, a processor sees its next work by itself.
 */
import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';

const setting = '/sys/module/haltpoll/parameters/guest_halt_poll_ns';
const pollNs = '200000';

/** Until it is disposed of, or this process ends. Undefined where this machine has no such setting or will not have it set. */
export function keepAwake(): Disposable | undefined {
  try {
    accessSync(setting, constants.W_OK);
  } catch {
    return undefined;
  }
  const before = readFileSync(setting, 'utf8');
  const restore = () => writeFileSync(setting, before);
  process.once('exit', restore);
  writeFileSync(setting, pollNs);
  return {
    [Symbol.dispose]() {
      process.off('exit', restore);
      restore();
    },
  };
}
