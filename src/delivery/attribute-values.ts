import type { ParcelAttribute } from './parcel.ts';

/** As operations of SQS and SNS take attributes of messages. */
export interface AttributeValue {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

export function attributeValues(
  attributes: Readonly<Record<string, ParcelAttribute>> | undefined,
): Record<string, AttributeValue> | undefined {
  if (attributes === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { type, text, base64 }]) => [
      name,
      base64 === undefined
        ? { DataType: type, StringValue: text }
        : { DataType: type, BinaryValue: Buffer.from(base64, 'base64') },
    ]),
  );
}
