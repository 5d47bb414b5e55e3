/**
 * Makes a small picture of each picture that comes into a bucket, and puts it into the bucket that THUMBNAILS names.
 * In:  an event of Amazon S3, as it comes when an object is created
 * Out: [{ "bucket", "key", "width", "height", "bytes" }], one for each small picture
 */
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import sharp from 'sharp';

// Runs once for each environment, before its first event.
const s3 = new S3Client();
const bucket = process.env.THUMBNAILS;
const width = Number(process.env.WIDTH ?? 320);
console.log(`sharp ${sharp.versions.sharp} with libvips ${sharp.versions.vips} on Node.js ${process.versions.node}`);

export async function handler({ Records }, context) {
  const made = await Promise.all(Records.map(({ s3: { bucket, object } }) => thumbnail(bucket.name, keyIn(object))));
  console.log(`${context.getRemainingTimeInMillis()} ms left of the time limit`);
  return made;
}

async function thumbnail(from, key) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: from, Key: key }));
  const original = Buffer.from(await Body.transformToByteArray());
  const picture = sharp(original);
  const { format, width: fromWidth, height: fromHeight } = await picture.metadata();
  console.log(`Received ${key}: ${format} ${fromWidth}×${fromHeight}, ${original.length} bytes`);

  const started = performance.now();
  const { data, info } = await picture
    .resize({ width, withoutEnlargement: true })
    .jpeg({ quality: 82, mozjpeg: true })
    .toBuffer({ resolveWithObject: true });
  const took = (performance.now() - started).toFixed(1);
  console.log(`Made ${info.width}×${info.height}, ${data.length} bytes, in ${took} ms`);

  const Metadata = { from: `${fromWidth}x${fromHeight}`, size: `${info.width}x${info.height}` };
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: data, ContentType: 'image/jpeg', Metadata }));
  return { bucket, key, width: info.width, height: info.height, bytes: data.length };
}

/** Keys come encoded as in a form: spaces are plus signs. */
function keyIn({ key }) {
  return decodeURIComponent(key.replaceAll('+', ' '));
}
