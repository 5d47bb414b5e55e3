import { sandboxContract } from './contract.ts';
import { createNamespaceKind } from './namespace/namespace-kind.ts';
import { createProcessKind } from './process/process-kind.ts';

const noNamespaces = process.platform !== 'linux' || process.getuid?.() !== 0;

sandboxContract('process', createProcessKind);
sandboxContract('namespace', createNamespaceKind, noNamespaces && 'namespaces need Linux and root');
