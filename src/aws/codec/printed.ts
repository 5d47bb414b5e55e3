/** A value as Java prints it, since that is what AWS's messages contain. */
const charsMax = 4096;

export function printed(value: unknown): string {
  const text = whole(value, 0);
  return text.length > charsMax ? `${text.slice(0, charsMax)}…` : text;
}

function whole(value: unknown, depth: number): string {
  if (depth > 4) return '…';
  if (Array.isArray(value))
    return `[${value
      .slice(0, charsMax)
      .map((item) => whole(item, depth + 1))
      .join(', ')}]`;
  if (value instanceof Uint8Array) {
    return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  }
  if (value instanceof Date) return value.toUTCString();
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).slice(0, charsMax);
  return `{${entries.map(([key, item]) => `${key}=${whole(item, depth + 1)}`).join(', ')}}`;
}
