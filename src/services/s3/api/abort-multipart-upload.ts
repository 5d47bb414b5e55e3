import { noSuchUpload } from '../errors.ts';
import { uploadFor } from '../multipart.ts';
import type { S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

export function abortMultipartUpload(parts: S3Parts): S3Operation<'AbortMultipartUpload'> {
  return {
    async handle(input, context) {
      const { bucket, upload } = uploadFor(parts, input, context);
      if (!(await parts.objects.uploads.abort(bucket, upload))) throw noSuchUpload(upload.id);
      return {};
    },
  };
}
