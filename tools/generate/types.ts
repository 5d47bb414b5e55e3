/** Writes `<service>.types.ts`: each operation's input and output as the SDK's own types, imported as types only. */
import type { ServiceModel } from '../../src/aws/model.ts';
import type { Source } from './services.ts';

export function typesFile({ service, client }: Source, { operations }: ServiceModel): string {
  const rows = Object.entries(operations).map(
    ([name, { input, output }]) => `  ${name}: { input: ${typeName(input)}; output: ${typeName(output)} };`,
  );
  return [
    '// Made by `npm run generate`; do not edit.',
    `import type * as sdk from '@aws-sdk/${client}';`,
    '',
    `export interface ${typesName(service)} {`,
    ...rows,
    '}',
    '',
  ].join('\n');
}

function typesName(service: string): string {
  return `${service.slice(0, 1).toUpperCase()}${service.slice(1)}Types`;
}

function typeName(structure: string | undefined): string {
  return structure === undefined ? 'Record<string, never>' : `sdk.${structure}`;
}
