/** A certificate that a key signs for itself, in the few pieces of DER that it takes: Node.js has no maker of its own. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';

const sha256WithRsa = '1.2.840.113549.1.1.11';
const commonName = '2.5.4.3';

export interface CertificateOptions {
  /** PEM, RSA. */
  readonly key: string;
  readonly name: string;
  /** A positive number. */
  readonly serial: Buffer;
  readonly from: Date;
  readonly to: Date;
}

/** As PEM. */
export function selfSigned({ key, name, serial, from, to }: CertificateOptions): string {
  const algorithm = sequence(objectId(sha256WithRsa), element(0x05, Buffer.alloc(0)));
  const named = sequence(element(0x31, sequence(objectId(commonName), element(0x0c, Buffer.from(name)))));
  const privateKey = createPrivateKey(key);
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const version3 = element(0xa0, integer(Buffer.from([2])));
  const validity = sequence(time(from), time(to));
  const body = sequence(version3, integer(serial), algorithm, named, validity, named, publicKey);
  const signature = element(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]));
  const lines =
    sequence(body, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function sequence(...parts: Buffer[]): Buffer {
  return element(0x30, Buffer.concat(parts));
}

/** Tag, length, content; a length over 127 says first how many bytes it has. */
function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const digits = Buffer.from(length.toString(16).padStart(length > 0xffff ? 6 : length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | digits.length]), digits, content]);
}

/** A leading zero keeps it positive. */
function integer(value: Buffer): Buffer {
  const padded = (value[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), value]) : value;
  return element(0x02, padded);
}

function time(at: Date): Buffer {
  return element(0x18, Buffer.from(at.toISOString().replace(/[-:T]|\.\d+/g, '')));
}

/** The first two numbers share a byte; the others are written in sevens of bits. */
function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...others.flatMap(sevens)];
  return element(0x06, Buffer.from(bytes));
}

function sevens(value: number): number[] {
  const groups = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
  return groups;
}
