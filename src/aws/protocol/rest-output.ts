/** What REST protocols put into a response's status and headers. */
import { timestampText } from '../codec/timestamp.ts';
import type { MemberModel } from '../model.ts';

export type Emit = (value: unknown, head: Head) => void;

/** A response's start while it is being put together. */
export interface Head {
  status: number;
  readonly headers: string[];
  typed: boolean;
}

export interface Emitter {
  readonly name: string;
  readonly emit: Emit;
}

export function outputEmitters(members: Readonly<Record<string, MemberModel>>): Emitter[] {
  const emitters: Emitter[] = [];
  for (const [name, member] of Object.entries(members)) {
    const emit = emitOf(member);
    if (emit !== undefined) emitters.push({ name, emit });
  }
  return emitters;
}

function emitOf(member: MemberModel): Emit | undefined {
  const at = member.at ?? '';
  if (member.in === 'status') {
    return (value, head) => {
      if (typeof value === 'number') head.status = value;
    };
  }
  if (member.in === 'header') {
    return (value, head) => {
      if (at === 'content-type') head.typed = true;
      head.headers.push(at, headerText(member, value));
    };
  }
  if (member.in !== 'prefixHeaders') return undefined;
  return (value, head) => {
    for (const [key, text] of Object.entries(value as object)) head.headers.push(at + key, String(text));
  };
}

function headerText(member: MemberModel, value: unknown): string {
  if (value instanceof Date) return timestampText(value, member.format ?? 'http-date');
  if (Array.isArray(value)) return value.map(String).join(', ');
  return String(value);
}
