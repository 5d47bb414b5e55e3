/** Lambda's quotas as numbers (reference: lambda-semantics 1.6, 1.11, 2.1). "MB" of Lambda is MiB. */
export const functionNameLengthMax = 64;

export const memoryMbMin = 128;
/** Default compute; the model itself admits 32,768 for managed instances. */
export const memoryMbMax = 10_240;
export const memoryMbDefault = 128;

export const timeoutSecondsMin = 1;
/** Default compute; the model itself admits 5,400 for managed instances. */
export const timeoutSecondsMax = 900;
export const timeoutSecondsDefault = 3;

export const ephemeralStorageMbMin = 512;
export const ephemeralStorageMbMax = 10_240;
export const ephemeralStorageMbDefault = 512;

/** Of the variables as compact JSON. */
export const environmentBytesMax = 4096;
export const layersMax = 5;
export const tagsMax = 50;
export const tagKeyLengthMax = 128;
export const tagValueLengthMax = 256;
/** Of the document of one function, version, alias or layer version. */
export const policyBytesMax = 20_480;

/** Of the account's concurrency, what functions without a reservation share. */
export const unreservedMin = 100;

export const zippedBytesMax = 52_428_800;
export const unzippedBytesMax = 262_144_000;
/** The whole request that carries a ZIP in base64. */
export const createRequestBytesMax = 70_167_211;

export const syncPayloadBytes = 6_291_456;
/** AWS lets a synchronous payload exceed its limit by 100 bytes. */
export const syncPayloadBytesMax = syncPayloadBytes + 100;
/** Of a response that is streamed. */
export const streamedBytesMax = 200 * 1024 * 1024;
export const asyncPayloadBytesMax = 1_048_576;
/** Of X-Amz-Client-Context as sent, in base64. */
export const clientContextBytesMax = 3583;

/** Of a function. AWS has a limit and does not say which. */
export const aliasesMax = 10_000;
export const listPageMax = 50;
export const mappingPageMax = 100;
export const codeLinkSecondsMax = 600;
