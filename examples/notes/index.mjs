/** Notes over HTTP, each an object in the bucket that NOTES names. One function answers all routes, and serves the page. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';

const s3 = new S3Client();
const Bucket = process.env.NOTES;
const page = readFileSync(new URL('page.html', import.meta.url), 'utf8');
const textMax = 1000;

const routes = {
  'GET /': async () => ({ statusCode: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page }),
  'GET /notes': async () => json(200, await notes()),
  'POST /notes': create,
  'DELETE /notes/{id}': remove,
};

export async function handler(event) {
  const route = routes[event.routeKey];
  return route ? route(event) : json(404, { message: `No such route: ${event.routeKey}` });
}

/** Oldest first: keys begin with the time. */
async function notes() {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return Promise.all(Contents.map(({ Key }) => read(Key)));
}

async function read(Key) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return { id: Key, text: await Body.transformToString() };
}

async function create(event) {
  const text = textIn(event);
  if (text === undefined) return json(400, { message: `Expected {"text": …} with 1 to ${textMax} characters` });
  const id = `${new Date().toISOString()}-${randomUUID()}`;
  await s3.send(new PutObjectCommand({ Bucket, Key: id, Body: text, ContentType: 'text/plain; charset=utf-8' }));
  return json(201, { id, text });
}

async function remove({ pathParameters }) {
  await s3.send(new DeleteObjectCommand({ Bucket, Key: pathParameters.id }));
  return { statusCode: 204 };
}

function textIn({ body = '', isBase64Encoded }) {
  try {
    const { text } = JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString() : body);
    if (typeof text === 'string' && text.trim() !== '' && text.length <= textMax) return text;
  } catch {
    // Not JSON: answered below as any other wrong body.
  }
  return undefined;
}

function json(statusCode, content) {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) };
}
