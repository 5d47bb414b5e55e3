/** X-Amz-Client-Context: base64 of a JSON object, 3,583 bytes at most as sent. Answers the JSON text. */
import { invalidRequestContent } from '../../model/errors.ts';
import { clientContextBytesMax } from '../../model/limits.ts';

export function decodedClientContext(header: string | undefined): string | undefined {
  if (header === undefined || header === '') return undefined;
  if (header.length > clientContextBytesMax) {
    throw invalidRequestContent(
      `Client context must be no more than ${clientContextBytesMax} bytes when base64-encoded.`,
    );
  }
  const text = Buffer.from(header, 'base64').toString();
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(header) || !isJsonObject(text)) {
    throw invalidRequestContent('Client context must be a valid Base64-encoded JSON object.');
  }
  return text;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
