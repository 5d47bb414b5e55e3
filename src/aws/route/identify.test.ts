import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Head, identify } from './identify.ts';

function named(service: string): Head['scope'] {
  return { date: '20260101', region: 'us-east-1', service };
}

/** `service:Operation` and the labels that were found, or the error's code. */
function found(method: string, url: string, more: Partial<Head> = {}): string {
  const [path = '', query = ''] = url.split('?');
  const answer = identify({ method, path, query, headers: {}, scope: undefined, ...more });
  if ('error' in answer) return answer.error.code;
  if ('form' in answer) return `${answer.service}:form`;
  const labels = Object.entries(answer.labels).map(([name, value]) => ` ${name}=${value}`);
  return `${answer.service}:${answer.operation}${labels.join('')}`;
}

const s3 = { scope: named('s3') };
const requests: readonly [expected: string, method: string, url: string, more?: Partial<Head>][] = [
  ['s3:ListBuckets', 'GET', '/', s3],
  ['s3:ListObjects Bucket=b', 'GET', '/b', s3],
  ['s3:ListObjects Bucket=b', 'GET', '/b/', s3],
  ['s3:ListObjectsV2 Bucket=b', 'GET', '/b?list-type=2&prefix=x', s3],
  ['s3:GetBucketLocation Bucket=b', 'GET', '/b?location', s3],
  ['s3:GetObject Bucket=b Key=a/b c', 'GET', '/b/a/b%20c', s3],
  ['s3:GetObject Bucket=b Key=folder/', 'GET', '/b/folder/', s3],
  ['s3:GetObject Bucket=b Key=k', 'GET', '/b/k?x-id=GetObject', s3],
  ['s3:PutObject Bucket=b Key=k', 'PUT', '/b/k', s3],
  ['s3:CopyObject Bucket=b Key=k', 'PUT', '/b/k', { ...s3, headers: { 'x-amz-copy-source': 'a/b' } }],
  ['s3:UploadPart Bucket=b Key=k', 'PUT', '/b/k?partNumber=1&uploadId=u', s3],
  [
    's3:UploadPartCopy Bucket=b Key=k',
    'PUT',
    '/b/k?partNumber=1&uploadId=u',
    { ...s3, headers: { 'x-amz-copy-source': 'a/b' } },
  ],
  ['s3:CreateMultipartUpload Bucket=b Key=k', 'POST', '/b/k?uploads', s3],
  ['s3:CompleteMultipartUpload Bucket=b Key=k', 'POST', '/b/k?uploadId=u', s3],
  ['s3:DeleteObjects Bucket=b', 'POST', '/b?delete', s3],
  ['s3:SelectObjectContent Bucket=b Key=k', 'POST', '/b/k?select&select-type=2', s3],
  ['s3:GetObject Bucket=my.bucket Key=k', 'GET', '/k', { ...s3, headers: { host: 'my.bucket.localhost:4566' } }],
  [
    's3:PutObject Bucket=b Key=k',
    'PUT',
    '/b/k',
    { ...s3, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  ],
  ['s3:GetObject Bucket=b Key=k', 'GET', '/b/k'],
  ['lambda:Invoke FunctionName=f:1', 'POST', '/2015-03-31/functions/f%3A1/invocations'],
  [
    'lambda:ListTags Resource=arn:aws:lambda:r:0:function:f',
    'GET',
    '/2017-03-31/tags/arn%3Aaws%3Alambda%3Ar%3A0%3Afunction%3Af',
  ],
  ['lambda:ListLayers', 'GET', '/2018-10-31/layers'],
  ['lambda:GetLayerVersionByArn', 'GET', '/2018-10-31/layers?find=LayerVersion&Arn=a'],
  ['lambda:GetAccountSettings', 'GET', '/2016-08-19/account-settings/'],
  ['lambda:ListFunctionEventInvokeConfigs FunctionName=f', 'GET', '/2019-09-25/functions/f/event-invoke-config/list'],
  [
    'lambda:ListProvisionedConcurrencyConfigs FunctionName=f',
    'GET',
    '/2019-09-30/functions/f/provisioned-concurrency?List=ALL',
  ],
  ['lambda:GetProvisionedConcurrencyConfig FunctionName=f', 'GET', '/2019-09-30/functions/f/provisioned-concurrency'],
  ['lambda:GetDurableExecution DurableExecutionArn=arn:a/b/c', 'GET', '/2025-12-01/durable-executions/arn%3Aa%2Fb%2Fc'],
  ['UnknownOperationException', 'PATCH', '/2015-03-31/functions/f'],
  ['apigateway:GetRestApis', 'GET', '/restapis', { scope: named('apigateway') }],
  ['apigatewayv2:GetApis', 'GET', '/v2/apis', { scope: named('apigateway') }],
  ['scheduler:GetSchedule Name=s', 'GET', '/schedules/s', { scope: named('scheduler') }],
  [
    'sqs:form',
    'POST',
    '/',
    { scope: named('sqs'), headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' } },
  ],
  ['sts:form', 'GET', '/?Action=GetCallerIdentity&Version=2011-06-15', { scope: named('sts') }],
  ['undefined:form', 'POST', '/?Action=x'],
  ['sqs:SendMessage', 'POST', '/', { headers: { 'x-amz-target': 'AmazonSQS.SendMessage' } }],
  ['dynamodbstreams:GetRecords', 'POST', '/', { headers: { 'x-amz-target': 'DynamoDBStreams_20120810.GetRecords' } }],
  ['UnknownOperationException', 'POST', '/', { headers: { 'x-amz-target': 'AmazonSQS.constructor' } }],
  ['UnknownOperationException', 'POST', '/', { headers: { 'x-amz-target': 'Nobody' } }],
  [
    'cloudwatch:PutMetricData',
    'POST',
    '/service/GraniteServiceVersion20100801/operation/PutMetricData',
    { headers: { 'smithy-protocol': 'rpc-v2-cbor' } },
  ],
  ['NotImplementedException', 'GET', '/', { scope: named('ec2') }],
];

test('every kind of request finds its operation', () => {
  for (const [expected, method, url, more] of requests)
    assert.equal(found(method, url, more), expected, `${method} ${url}`);
});
