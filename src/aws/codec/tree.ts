/**
 * Values that are already a tree (parsed JSON or CBOR) into an operation's input, and outputs into such a tree.
 * Closures are compiled from the model once for each structure; recursive structures find themselves in the table.
 */
import type { MemberModel, ServiceModel } from '../model.ts';
import { readNumber } from './number.ts';
import { setOwn } from './record.ts';
import { cannotBe, serializationError } from './serialization.ts';
import type { TimestampFormat } from './timestamp.ts';

/** Where JSON and the two kinds of CBOR differ. */
export interface TreeFlavour {
  readonly jsonNames: boolean;
  readBlob(value: unknown): Buffer;
  writeBlob(value: Uint8Array): unknown;
  readTimestamp(value: unknown): Date;
  writeTimestamp(value: Date, format: TimestampFormat): unknown;
}

export type Convert = (value: unknown) => unknown;

export class TreeCodec {
  readonly #model: ServiceModel;
  readonly #flavour: TreeFlavour;
  readonly #readers = new Map<string, Convert>();
  readonly #writers = new Map<string, Convert>();

  constructor(model: ServiceModel, flavour: TreeFlavour) {
    this.#model = model;
    this.#flavour = flavour;
  }

  /** Reads the structure's members that `only` lets through; all when it is absent. */
  structureReader(name: string, only?: (member: MemberModel) => boolean): Convert {
    const fields = new Map<string, { readonly name: string; readonly read: Convert }>();
    for (const [member, model] of this.#members(name, only)) {
      fields.set(this.#wireName(member, model), { name: member, read: this.reader(model) });
    }
    return (value) => {
      if (!isTree(value)) throw cannotBe(value, name);
      const out: Record<string, unknown> = {};
      for (const key of Object.keys(value)) {
        const field = fields.get(key);
        const given = value[key];
        if (field !== undefined && given !== null && given !== undefined) out[field.name] = field.read(given);
      }
      return out;
    };
  }

  structureWriter(name: string, only?: (member: MemberModel) => boolean): Convert {
    const fields = this.#members(name, only).map(([member, model]) => ({
      name: member,
      wire: this.#wireName(member, model),
      write: this.writer(model),
    }));
    return (value) => {
      const given = value as Readonly<Record<string, unknown>>; // the table's types promise the output's shape
      const out: Record<string, unknown> = {};
      for (const field of fields) {
        const member = given[field.name];
        if (member !== undefined && member !== null) out[field.wire] = field.write(member);
      }
      return out;
    };
  }

  reader(model: MemberModel): Convert {
    const flavour = this.#flavour;
    switch (model.type) {
      case 'string':
        return readString;
      case 'boolean':
        return readBoolean;
      case 'blob':
        return flavour.readBlob;
      case 'timestamp':
        return flavour.readTimestamp;
      case 'document':
        return same;
      case 'structure':
        return this.#later(this.#readers, model.of ?? '', () => this.structureReader(model.of ?? ''));
      case 'list':
        return listReader(this.reader(itemOf(model)));
      case 'map':
        return mapReader(this.reader(itemOf(model)));
      default: {
        const { type } = model;
        return (value) => readNumber(value, type);
      }
    }
  }

  writer(model: MemberModel): Convert {
    const flavour = this.#flavour;
    const format = model.format ?? 'epoch-seconds';
    switch (model.type) {
      case 'blob':
        return (value) => flavour.writeBlob(value as Uint8Array);
      case 'timestamp':
        return (value) => flavour.writeTimestamp(value as Date, format);
      case 'structure':
        return this.#later(this.#writers, model.of ?? '', () => this.structureWriter(model.of ?? ''));
      case 'list':
        return listWriter(this.writer(itemOf(model)));
      case 'map':
        return mapWriter(this.writer(itemOf(model)));
      case 'float':
      case 'double':
        return writeFloat;
      default:
        return same;
    }
  }

  #members(name: string, only: (member: MemberModel) => boolean = () => true): [string, MemberModel][] {
    return Object.entries(this.#model.structures[name]?.members ?? {}).filter(([, member]) => only(member));
  }

  #wireName(member: string, model: MemberModel): string {
    return this.#flavour.jsonNames ? (model.jsonName ?? member) : member;
  }

  /** Compiles on first call, so that a structure may contain itself. */
  #later(table: Map<string, Convert>, name: string, compile: () => Convert): Convert {
    const known = table.get(name);
    if (known !== undefined) return known;
    let compiled: Convert | undefined;
    const convert: Convert = (value) => {
      compiled ??= compile();
      return compiled(value);
    };
    table.set(name, convert);
    return convert;
  }
}

export function itemOf({ item }: MemberModel): MemberModel {
  return item ?? { type: 'string' };
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

const same: Convert = (value) => value;

function readString(value: unknown): string {
  if (typeof value !== 'string') throw cannotBe(value, 'String');
  return value;
}

function readBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw cannotBe(value, 'Boolean');
  return value;
}

function writeFloat(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function listReader(read: Convert): Convert {
  return (value) => {
    if (!Array.isArray(value)) throw cannotBe(value, 'List');
    return value.map((item) => {
      if (item === null) throw serializationError('NULL_VALUE found where a list has no nulls');
      return read(item);
    });
  };
}

function mapReader(read: Convert): Convert {
  return (value) => {
    if (!isTree(value)) throw cannotBe(value, 'Map');
    const out: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const given = value[key];
      if (given !== null && given !== undefined) setOwn(out, key, read(given));
    }
    return out;
  };
}

function listWriter(write: Convert): Convert {
  return (value) => (value as readonly unknown[]).map(write);
}

function mapWriter(write: Convert): Convert {
  return (value) => {
    const out: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value as object)) {
      if (item !== undefined && item !== null) setOwn(out, key, write(item));
    }
    return out;
  };
}
