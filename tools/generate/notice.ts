import { botocoreVersion, sources } from './services.ts';

/** The Apache License asks that what was taken and changed is named. */
export function noticeFile(): string {
  const clients = sources.map(({ client, clientVersion }) => `  @aws-sdk/${client} ${clientVersion}`);
  return `The JSON and type files in this folder are derived works. They were made by tools/generate from:

AWS SDK for JavaScript v3, Copyright Amazon.com, Inc. or its affiliates, Apache License 2.0:
${clients.join('\n')}

botocore ${botocoreVersion}, Copyright 2012-2026 Amazon.com, Inc. or its affiliates, Apache License 2.0

Changed: both were merged, documentation text was removed, and one pattern syntax was translated to JavaScript's.
The licence's text is at https://www.apache.org/licenses/LICENSE-2.0
`;
}
