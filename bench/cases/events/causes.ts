/** Buckets and queues that invoke functions, made as their users make them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../../src/cli/client.ts';
import { stamp } from '../../functions.ts';
import { type Line, send } from '../../load/send.ts';
import type { Lambent } from '../../targets/lambent.ts';

export interface Scene {
  readonly lambent: Lambent;
  readonly client: Client;
  readonly line: Line;
}

const enabledMsMax = 20_000;
const accountId = '000000000000';
const s3 = { Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' } };

export async function bucketForFunction(scene: Scene, bucket: string, functionName: string): Promise<void> {
  await scene.lambent.create(functionName, stamp);
  const permission = { StatementId: 's3', Action: 'lambda:InvokeFunction', Principal: s3.Principal.Service };
  await lambda(scene, 'POST', `functions/${functionName}/policy`, permission);
  const target = `<CloudFunction>${arnOf('lambda', `function:${functionName}`)}</CloudFunction>`;
  await createBucket(scene, bucket, { kind: 'CloudFunctionConfiguration', target });
}

export async function bucketForQueue(scene: Scene, bucket: string, queue: string): Promise<void> {
  await createBucket(scene, bucket, { kind: 'QueueConfiguration', target: `<Queue>${arnOf('sqs', queue)}</Queue>` });
}

export async function queueForFunction(scene: Scene, queue: string, functionName: string): Promise<void> {
  await scene.lambent.create(functionName, stamp);
  await createQueue(scene, queue);
  await map(scene, queue, functionName);
}

/** S3 may send to it. */
export async function createQueue(scene: Scene, QueueName: string): Promise<void> {
  const Statement = { ...s3, Action: 'sqs:SendMessage', Resource: '*' };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await sqs(scene, 'CreateQueue', { QueueName, Attributes: { Policy } });
}

/** Answers the mapping's UUID, once it reads. */
export async function map(scene: Scene, queue: string, FunctionName: string): Promise<string> {
  const input = { FunctionName, EventSourceArn: arnOf('sqs', queue), BatchSize: 10 };
  const { UUID } = await lambda(scene, 'POST', 'event-source-mappings/', input);
  const giveUpAt = performance.now() + enabledMsMax;
  while ((await lambda(scene, 'GET', `event-source-mappings/${UUID}`)).State !== 'Enabled') {
    if (performance.now() > giveUpAt) throw new Error(`The mapping of ${queue} is not enabled in time`);
    await sleep(5);
  }
  return String(UUID);
}

export async function unmap(scene: Scene, uuid: string): Promise<void> {
  await lambda(scene, 'DELETE', `event-source-mappings/${uuid}`);
}

export function putObject({ line }: Scene, bucket: string, name: string): Promise<void> {
  return send(line, { method: 'PUT', path: `/${bucket}/${name}` });
}

export function sendMessage({ line }: Scene, queue: string, MessageBody: string): Promise<void> {
  const QueueUrl = urlOf(line, queue);
  return send(line, { method: 'POST', path: '/', ...sqsContent('SendMessage', { QueueUrl, MessageBody }) });
}

export async function sendMessages({ line }: Scene, queue: string, bodies: readonly string[]): Promise<void> {
  for (let from = 0; from < bodies.length; from += 10) {
    const Entries = bodies.slice(from, from + 10).map((MessageBody, n) => ({ Id: String(n), MessageBody }));
    const content = sqsContent('SendMessageBatch', { QueueUrl: urlOf(line, queue), Entries });
    await send(line, { method: 'POST', path: '/', ...content });
  }
}

/** Messages in a queue, seen or not. */
export async function left(scene: Scene, queue: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
  const input = { QueueUrl: urlOf(scene.line, queue), AttributeNames };
  const { Attributes } = await sqs(scene, 'GetQueueAttributes', input);
  return Object.values(Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
}

interface Notification {
  readonly kind: string;
  readonly target: string;
}

async function createBucket({ line }: Scene, bucket: string, { kind, target }: Notification): Promise<void> {
  await send(line, { method: 'PUT', path: `/${bucket}` });
  const configuration = `<${kind}>${target}<Event>s3:ObjectCreated:*</Event></${kind}>`;
  const body = Buffer.from(`<NotificationConfiguration>${configuration}</NotificationConfiguration>`);
  await send(line, { method: 'PUT', path: `/${bucket}?notification`, body });
}

function lambda({ client }: Scene, method: 'GET' | 'POST' | 'DELETE', path: string, input?: object) {
  const body = input === undefined ? undefined : Buffer.from(JSON.stringify(input));
  return client.json({ method, path: `/2015-03-31/${path}`, service: 'lambda', body });
}

function sqs({ client }: Scene, operation: string, input: object) {
  return client.json({ method: 'POST', path: '/', service: 'sqs', ...sqsContent(operation, input) });
}

function sqsContent(operation: string, input: object) {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` };
  return { headers, body: Buffer.from(JSON.stringify(input)) };
}

function urlOf({ host, port }: Line, queue: string): string {
  return `http://${host}:${port}/${accountId}/${queue}`;
}

function arnOf(service: string, name: string): string {
  return `arn:aws:${service}:us-east-1:${accountId}:${name}`;
}
