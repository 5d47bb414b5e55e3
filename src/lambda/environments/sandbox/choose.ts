import { createNamespaceKind, type NamespaceOptions } from './namespace/namespace-kind.ts';
import { createProcessKind } from './process/process-kind.ts';
import type { SandboxKind } from './sandbox.ts';

/** `wanted` is the operator's setting; `auto` takes namespaces where they work. */
export async function chooseSandboxKind(
  wanted: 'auto' | SandboxKind['name'],
  options: NamespaceOptions,
): Promise<SandboxKind> {
  if (wanted === 'process') return process(options, 'it is the sandbox that was asked for');
  const namespace = createNamespaceKind(options);
  const probed = await namespace.probe();
  if (probed.works) return namespace;
  if (wanted === 'namespace') throw new Error(`Cannot run functions in namespaces: ${probed.why}`);
  return process(options, probed.why);
}

async function process(options: NamespaceOptions, why: string): Promise<SandboxKind> {
  options.log.warn(
    'Functions run as plain processes and NOTHING ISOLATES THEM from this machine or each other: run only code you trust',
    { sandbox: 'process', why },
  );
  const { awsPort, ownAwsPort } = options;
  return createProcessKind({ ...options, awsPort: (await ownAwsPort?.()) ?? awsPort });
}
