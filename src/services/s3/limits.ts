export const objectBytesMax = 5 * 1024 ** 3;
export const partBytesMin = 5 * 1024 ** 2;
export const partsMax = 10_000;
/** Put together of parts. */
export const multipartBytesMax = 5 * 1024 ** 4;
export const keyBytesMax = 1024;
export const metadataBytesMax = 2048;
export const listedMax = 1000;
export const objectTagsMax = 10;
export const bucketTagsMax = 50;
