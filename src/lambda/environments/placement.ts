/** Where what a version is made of lies on this machine: its package, and its layers laid over each other. */
import type { CodeStore } from '../model/code-store.ts';
import { laidTogether } from '../model/code-store.ts';
import type { FunctionVersion } from '../model/function.ts';
import type { Placement } from './sandbox/sandbox.ts';

type Made = Pick<FunctionVersion, 'code' | 'configuration'>;

/** Unpacks what is not unpacked yet. */
export async function placementOf(code: Pick<CodeStore, 'unpacked' | 'together'>, version: Made): Promise<Placement> {
  const layers = layersOf(version);
  const [task, opt] = await Promise.all([
    code.unpacked(version.code.sha256),
    layers.length > 0 ? code.together(layers) : undefined,
  ]);
  return { task, opt };
}

/** Keeps all of it where it is. */
export function holdPlacement(code: Pick<CodeStore, 'hold'>, version: Made): Disposable {
  const layers = layersOf(version);
  const held = new DisposableStack();
  held.use(code.hold(version.code.sha256));
  for (const sha256 of layers) held.use(code.hold(sha256));
  if (layers.length > 1) held.use(code.hold(laidTogether(layers)));
  return held;
}

function layersOf({ configuration }: Made): string[] {
  return (configuration.layers ?? []).map(({ code }) => code.sha256);
}
