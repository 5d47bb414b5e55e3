/** Reads models from disk, each on first use: a start that parsed all of them would cost 60 ms and 25 MB. */
import { readFileSync } from 'node:fs';
import type { ServiceIndex, ServiceModel } from './model.ts';

/** `src/aws/models` in development, `dist/models` beside the built file: the same path from here. */
const folder = new URL('./models/', import.meta.url);

export const services: Readonly<Record<string, ServiceIndex>> = JSON.parse(read('index.json'));

const loaded = new Map<string, ServiceModel>();

export function serviceModel(service: string): ServiceModel {
  let model = loaded.get(service);
  if (model === undefined) {
    model = JSON.parse(read(`${service}.json`)) as ServiceModel; // made by tools/generate in just this shape
    loaded.set(service, model);
  }
  return model;
}

function read(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}
