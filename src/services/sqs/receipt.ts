/** Receipt handles: which receive of which message, sealed so that nobody makes one up. */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

export interface Receipt {
  readonly queue: number;
  readonly sequence: number;
  /** How often the message had been received, this time included. */
  readonly receives: number;
}

/** version (3) · queue (6) · sequence (6) · receives (4) · seal (16) */
const plainBytes = 19;
const sealBytes = 16;
const version = 0x010101;

export class Receipts {
  readonly #key: KeyObject;

  constructor(serverSecret: Buffer) {
    this.#key = createSecretKey(createHmac('sha256', serverSecret).update('sqs receipt handles').digest());
  }

  seal({ queue, sequence, receives }: Receipt): string {
    const plain = Buffer.alloc(plainBytes);
    plain.writeUIntBE(version, 0, 3);
    plain.writeUIntBE(queue, 3, 6);
    plain.writeUIntBE(sequence, 9, 6);
    plain.writeUInt32BE(receives, 15);
    return Buffer.concat([plain, this.#sealOf(plain)]).toString('base64');
  }

  /** Undefined for what no receive of this server gave. */
  open(handle: string): Receipt | undefined {
    const bytes = Buffer.from(handle, 'base64');
    if (bytes.length !== plainBytes + sealBytes) return undefined;
    const plain = bytes.subarray(0, plainBytes);
    if (!timingSafeEqual(this.#sealOf(plain), bytes.subarray(plainBytes))) return undefined;
    return { queue: plain.readUIntBE(3, 6), sequence: plain.readUIntBE(9, 6), receives: plain.readUInt32BE(15) };
  }

  #sealOf(plain: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(plain).digest().subarray(0, sealBytes);
  }
}
