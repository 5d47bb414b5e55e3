/** What the demo does through AWS's own API, with AWS's own SDK: only the endpoint is another. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { AddPermissionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  NoSuchKey,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Report, type Run, reportOf } from './demo-page.ts';

export const pictures = 'pictures';
export const thumbnails = 'thumbnails';
const accountId = '000000000000';
const waitMsMax = 60_000;

export interface Thumbnail {
  readonly image: Buffer;
  /** As `1024x768`. */
  readonly from: string;
  readonly size: string;
}

export class Aws {
  readonly #s3: S3Client;
  readonly #lambda: LambdaClient;
  readonly #logs: CloudWatchLogsClient;

  constructor(endpoint: string) {
    const credentials = { accessKeyId: 'demo', secretAccessKey: 'demo' };
    const options = { endpoint, region: 'us-east-1', credentials };
    this.#s3 = new S3Client({ ...options, forcePathStyle: true });
    this.#lambda = new LambdaClient(options);
    this.#logs = new CloudWatchLogsClient(options);
  }

  /** Two buckets; the function hears of every picture that comes into the first. */
  async connect(name: string): Promise<void> {
    for (const Bucket of [pictures, thumbnails]) await this.#s3.send(new CreateBucketCommand({ Bucket }));
    await this.#lambda.send(
      new AddPermissionCommand({
        FunctionName: name,
        StatementId: 'pictures',
        Action: 'lambda:InvokeFunction',
        Principal: 's3.amazonaws.com',
        SourceArn: `arn:aws:s3:::${pictures}`,
        SourceAccount: accountId,
      }),
    );
    const LambdaFunctionArn = `arn:aws:lambda:us-east-1:${accountId}:function:${name}`;
    const configuration = { LambdaFunctionArn, Events: ['s3:ObjectCreated:*' as const] };
    await this.#s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: pictures,
        NotificationConfiguration: { LambdaFunctionConfigurations: [configuration] },
      }),
    );
  }

  /** Until the thumbnail is there, and its function's REPORT line. */
  async upload(
    Key: string,
    path: string,
    reportsBefore: number,
    name: string,
  ): Promise<{ run: Run; thumbnail: Thumbnail }> {
    const Body = readFileSync(path);
    const started = performance.now();
    await this.#s3.send(new PutObjectCommand({ Bucket: pictures, Key, Body, ContentType: 'image/jpeg' }));
    const thumbnail = await until(() => this.#thumbnail(Key), 'There is no thumbnail');
    const clientMs = performance.now() - started;
    const report = await until(() => this.#report(name, reportsBefore), 'There is no REPORT line');
    return { run: { clientMs, report }, thumbnail };
  }

  async #thumbnail(Key: string): Promise<Thumbnail | undefined> {
    try {
      const { Body, Metadata } = await this.#s3.send(new GetObjectCommand({ Bucket: thumbnails, Key }));
      const image = Buffer.from((await Body?.transformToByteArray()) ?? []);
      return { image, from: Metadata?.from ?? '', size: Metadata?.size ?? '' };
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async #report(name: string, before: number): Promise<Report | undefined> {
    const { events = [] } = await this.#logs.send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}`, filterPattern: 'REPORT' }),
    );
    const message = events[before]?.message;
    return message === undefined ? undefined : reportOf(message);
  }
}

async function until<T>(look: () => Promise<T | undefined>, otherwise: string): Promise<T> {
  const started = performance.now();
  while (performance.now() - started < waitMsMax) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(2);
  }
  throw new Error(`${otherwise} after ${waitMsMax / 1000} s`);
}
