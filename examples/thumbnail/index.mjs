/**
 * Makes a small picture of a large one.
 * In:  { "image": base64 of a JPEG, PNG, WebP …, "width": pixels (320) }
 * Out: { "image": base64 of a JPEG, "width", "height", "bytes", "from": { "format", "width", "height", "bytes" } }
 */
import sharp from 'sharp';

// Runs once for each environment, before its first event.
console.log(`sharp ${sharp.versions.sharp} with libvips ${sharp.versions.vips} on Node.js ${process.versions.node}`);

export async function handler(event, context) {
  const width = event.width ?? 320;
  const original = Buffer.from(event.image, 'base64');
  const picture = sharp(original);
  const { format, width: fromWidth, height: fromHeight } = await picture.metadata();
  console.log(`Received ${format} ${fromWidth}×${fromHeight}, ${original.length} bytes`);

  const started = performance.now();
  const { data, info } = await picture
    .resize({ width, withoutEnlargement: true })
    .jpeg({ quality: 82, mozjpeg: true })
    .toBuffer({ resolveWithObject: true });
  const took = (performance.now() - started).toFixed(1);
  console.log(`Made ${info.width}×${info.height}, ${data.length} bytes, in ${took} ms`);
  console.log(`${context.getRemainingTimeInMillis()} ms left of the time limit`);

  return {
    image: data.toString('base64'),
    width: info.width,
    height: info.height,
    bytes: data.length,
    from: { format, width: fromWidth, height: fromHeight, bytes: original.length },
  };
}
