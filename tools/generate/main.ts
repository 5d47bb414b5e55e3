/** Makes src/aws/models from AWS's published models. Usage: npm run generate [-- FOLDER with fetched sources] */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceIndex } from '../../src/aws/model.ts';
import { type BotocoreModel, botocoreModel, clientSchemas, fetchSources } from './fetch.ts';
import { mergedModel } from './merge.ts';
import { noticeFile } from './notice.ts';
import { type Source, sources, typed } from './services.ts';
import { typesFile } from './types.ts';

const target = new URL('../../src/aws/models/', import.meta.url).pathname;
const given = process.argv[2];
const folder = given ?? mkdtempSync(join(tmpdir(), 'lambent-generate-'));
try {
  if (given === undefined) fetchSources(folder, sources);
  generate();
} finally {
  if (given === undefined) rmSync(folder, { recursive: true, force: true });
}

function generate(): void {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const index: Record<string, ServiceIndex> = {};
  for (const source of sources) {
    const botocore = botocoreModel(folder, source);
    const model = mergedModel(source, clientSchemas(folder, source), botocore);
    writeFileSync(join(target, `${source.service}.json`), `${JSON.stringify(model)}\n`);
    if (typed.has(source.service)) writeFileSync(join(target, `${source.service}.types.ts`), typesFile(source, model));
    index[source.service] = indexEntry(source, botocore);
  }
  writeFileSync(join(target, 'index.json'), `${JSON.stringify(index, null, 1)}\n`);
  writeFileSync(join(target, 'NOTICE'), noticeFile());
}

function indexEntry({ protocols }: Source, { metadata }: BotocoreModel): ServiceIndex {
  const { apiVersion = '', endpointPrefix = '', signingName = endpointPrefix, targetPrefix } = metadata;
  return {
    apiVersion,
    endpointPrefix,
    signingName,
    ...(targetPrefix === undefined ? {} : { targetPrefix }),
    protocols,
  };
}
