/** Requests as clients send them and responses as they expect them, one protocol after the other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { decodeCbor, encodeCbor, Tagged } from '../codec/cbor.ts';
import { AwsError } from '../errors.ts';
import type { Protocol } from '../model.ts';
import type { WireRequest, WireResponse } from '../wire.ts';
import type { OperationCodec, Reply } from './codec.ts';
import { operationCodec } from './operation-codec.ts';

const reply: Reply = {
  requestId: 'id-1',
  failure: () => new AwsError({ code: 'ServiceException', message: 'broken', status: 500 }),
};

function codec(service: string, operation: string, protocol: Protocol): OperationCodec {
  const found = operationCodec(service, operation, protocol);
  assert.ok(found);
  return found;
}

function request(body: string | Buffer, more: Partial<WireRequest> = {}): WireRequest {
  return { method: 'POST', path: '/', query: '', headers: {}, labels: {}, body: Buffer.from(body), ...more };
}

function text({ body }: WireResponse): string {
  assert.ok(typeof body === 'string' || body instanceof Uint8Array);
  return Buffer.from(body).toString();
}

test('restJson1: labels, query, headers and body come together; blobs are bytes', () => {
  const create = codec('lambda', 'CreateFunction', 'restJson1');
  const body = {
    FunctionName: 'f',
    Role: 'arn:aws:iam::000000000000:role/r',
    Code: { ZipFile: 'UEs=' },
    Nobody: 1,
    Timeout: null,
  };
  assert.deepEqual(create.decode(request(JSON.stringify(body))), {
    FunctionName: 'f',
    Role: 'arn:aws:iam::000000000000:role/r',
    Code: { ZipFile: Buffer.from('PK') },
  });
  const list = codec('lambda', 'ListFunctions', 'restJson1');
  assert.deepEqual(list.decode(request('', { query: 'MaxItems=5&FunctionVersion=ALL&Marker=a%2Bb+c' })), {
    MaxItems: 5,
    FunctionVersion: 'ALL',
    Marker: 'a+b c',
  });
  const untag = codec('lambda', 'UntagResource', 'restJson1');
  const Resource = 'arn:aws:lambda:us-east-1:000000000000:function:f';
  assert.deepEqual(untag.decode(request('', { query: 'tagKeys=a&tagKeys=b', labels: { Resource } })), {
    Resource,
    TagKeys: ['a', 'b'],
  });
});

test('restJson1: status, headers and payload leave the body; what is undefined is left out', () => {
  const invoke = codec('lambda', 'Invoke', 'restJson1');
  const Payload = Buffer.from('{"x":1}');
  const answer = invoke.encode({ StatusCode: 202, FunctionError: undefined, ExecutedVersion: '7', Payload }, reply);
  assert.equal(answer.status, 202);
  assert.deepEqual(answer.headers, ['x-amz-executed-version', '7', 'content-type', 'application/json']);
  assert.equal(text(answer), '{"x":1}');
  const get = codec('lambda', 'GetFunctionConcurrency', 'restJson1');
  assert.equal(text(get.encode({}, reply)), '{}');
  const remove = codec('lambda', 'DeleteFunction', 'restJson1');
  assert.deepEqual(remove.encode({ StatusCode: 204 }, reply).status, 204);
});

test('a wrong type is a SerializationException that names both types', () => {
  const create = codec('lambda', 'CreateFunction', 'restJson1');
  const cases = [
    ['{"MemorySize":"128"}', 'STRING_VALUE cannot be converted to Integer'],
    ['{"MemorySize":1.5}', 'DECIMAL_VALUE cannot be converted to Integer'],
    ['{"FunctionName":1}', 'NUMBER_VALUE cannot be converted to String'],
    ['{"FunctionName":{}}', 'Start of structure or map found where not expected.'],
    ['{"Layers":"a"}', 'STRING_VALUE cannot be converted to List'],
    ['{"Layers":[null]}', 'NULL_VALUE found where a list has no nulls'],
    ['{"Publish":"yes"}', 'STRING_VALUE cannot be converted to Boolean'],
    ['{"Code":{"ZipFile":"%%%"}}', 'Unable to decode the value as base64'],
    ['{', 'Could not parse request body into json: it is not valid JSON'],
  ];
  for (const [body = '', message] of cases) {
    assert.throws(() => create.decode(request(body)), { code: 'SerializationException', message }, body);
  }
});

test('a key named __proto__ is a key like any other', () => {
  const create = codec('lambda', 'TagResource', 'restJson1');
  const { Tags } = create.decode(request('{"Tags":{"__proto__":"x"}}', { labels: { Resource: functionArn } }));
  assert.deepEqual(Object.entries(Tags as object), [['__proto__', 'x']]);
  assert.equal(Object.getPrototypeOf(Tags), Object.prototype);
});

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';

test('constraints of lists, maps and places inside are told as AWS tells them', () => {
  const create = codec('lambda', 'CreateFunction', 'restJson1');
  const good = { FunctionName: 'f', Role: 'arn:aws:iam::000000000000:role/r', Code: {} };
  const message = (more: object) => {
    try {
      create.decode(request(JSON.stringify({ ...good, ...more })));
    } catch (error) {
      return error instanceof AwsError ? `${error.code}: ${error.message}` : String(error);
    }
    return 'fine';
  };
  assert.equal(message({}), 'fine');
  assert.match(
    message({ Role: undefined }),
    /^ValidationException: 1 validation error detected: Value null at 'role' failed to satisfy constraint: Member must not be null$/,
  );
  assert.match(
    message({ Environment: { Variables: { '1': 'x' } } }),
    /Value '\{1=x\}' at 'environment\.variables' failed to satisfy constraint: Map keys must satisfy constraint: \[Member must satisfy regular expression pattern: \[a-zA-Z\]\(\[a-zA-Z0-9_\]\)\+\]$/,
  );
  assert.match(
    message({ FileSystemConfigs: [{ Arn: 'no', LocalMountPath: '/mnt/a' }] }),
    /Value 'no' at 'fileSystemConfigs\.1\.member\.arn' failed/,
  );
  assert.match(
    message({ Timeout: 0 }),
    /Value '0' at 'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1$/,
  );
  assert.match(message({ Handler: 'h'.repeat(200) }), /Member must have length less than or equal to 128$/);
});

test('a pattern that could backtrack for ever answers in no time', () => {
  const create = codec('lambda', 'CreateFunction', 'restJson1');
  const role = `arn:aws:iam::000000000000:role/${'a/'.repeat(5000)}\n`;
  const started = process.hrtime.bigint();
  assert.throws(() => create.decode(request(JSON.stringify({ FunctionName: 'f', Code: {}, Role: role }))));
  assert.ok(process.hrtime.bigint() - started < 1_000_000_000n);
});

test('awsJson: the whole input in the body, timestamps in seconds', () => {
  const put = codec('logs', 'PutLogEvents', 'awsJson1.1');
  const body = { logGroupName: 'g', logStreamName: 's', logEvents: [{ timestamp: 1, message: 'm' }] };
  assert.deepEqual(put.decode(request(JSON.stringify(body))), body);
  const describe = codec('kinesis', 'DescribeStreamSummary', 'awsJson1.1');
  const answer = describe.encode({ StreamDescriptionSummary: { StreamCreationTimestamp: new Date(1500) } }, reply);
  assert.deepEqual(answer.headers, ['content-type', 'application/x-amz-json-1.1']);
  assert.equal(text(answer), '{"StreamDescriptionSummary":{"StreamCreationTimestamp":1.5}}');
});

test('awsJson: attribute values of DynamoDB nest, sets and bytes included', () => {
  const put = codec('dynamodb', 'PutItem', 'awsJson1.0');
  const Item = { id: { S: 'a' }, list: { L: [{ M: { b: { B: 'AQI=' } } }, { BS: ['Aw=='] }, { NULL: true }] } };
  assert.deepEqual(put.decode(request(JSON.stringify({ TableName: 'table', Item }))), {
    TableName: 'table',
    Item: {
      id: { S: 'a' },
      list: { L: [{ M: { b: { B: Buffer.of(1, 2) } } }, { BS: [Buffer.of(3)] }, { NULL: true }] },
    },
  });
});

test('awsQuery: forms with lists, maps and structures', () => {
  const assume = codec('sts', 'AssumeRole', 'awsQuery');
  const form =
    'Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fr&RoleSessionName=ss' +
    '&DurationSeconds=900&Tags.member.2.Key=b&Tags.member.2.Value=2&Tags.member.1.Key=a+a&Tags.member.1.Value=1';
  assert.deepEqual(assume.decode(request(form)), {
    RoleArn: 'arn:aws:iam::000000000000:role/r',
    RoleSessionName: 'ss',
    DurationSeconds: 900,
    Tags: [
      { Key: 'a a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  });
  const send = codec('sqs', 'SendMessage', 'awsQuery');
  const attribute =
    'MessageAttribute.1.Name=n&MessageAttribute.1.Value.DataType=Binary&MessageAttribute.1.Value.BinaryValue=AQI%3D';
  assert.deepEqual(send.decode(request(`QueueUrl=q&MessageBody=b&${attribute}`)), {
    QueueUrl: 'q',
    MessageBody: 'b',
    MessageAttributes: { n: { DataType: 'Binary', BinaryValue: Buffer.of(1, 2) } },
  });
  const publish = codec('sns', 'SetSubscriptionAttributes', 'awsQuery');
  assert.deepEqual(publish.decode(request('', { query: 'SubscriptionArn=a&AttributeName=RawMessageDelivery' })), {
    SubscriptionArn: 'a',
    AttributeName: 'RawMessageDelivery',
  });
});

test('awsQuery: a violation has the code of the older services', () => {
  const assume = codec('sts', 'AssumeRole', 'awsQuery');
  assert.throws(() => assume.decode(request('RoleArn=arn:aws:iam::000000000000:role/r&RoleSessionName=s')), {
    code: 'ValidationError',
  });
});

test('awsQuery: XML out, with the request id', () => {
  const identity = codec('sts', 'GetCallerIdentity', 'awsQuery');
  assert.equal(
    text(identity.encode({ Account: '1', Arn: 'a<b&c' }, reply)),
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
      '<Account>1</Account><Arn>a&lt;b&amp;c</Arn></GetCallerIdentityResult>' +
      '<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
  );
  const receive = codec('sqs', 'ReceiveMessage', 'awsQuery');
  const Messages = [{ MessageId: 'm', Attributes: { SenderId: 's' } }];
  assert.match(
    text(receive.encode({ Messages }, reply)),
    /<ReceiveMessageResult><Message><MessageId>m<\/MessageId><Attribute><Name>SenderId<\/Name><Value>s<\/Value><\/Attribute><\/Message><\/ReceiveMessageResult>/,
  );
});

test('restXml: the XML of S3, in and out', () => {
  const put = codec('s3', 'PutBucketNotificationConfiguration', 'restXml');
  const xml =
    '<?xml version="1.0"?><NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><!-- c -->' +
    '<CloudFunctionConfiguration><Id>one</Id><CloudFunction>arn</CloudFunction><Event>s3:ObjectCreated:*</Event>' +
    '<Event>s3:ObjectRemoved:*</Event><Filter><S3Key><FilterRule><Name>prefix</Name><Value>a&amp;b</Value></FilterRule>' +
    '</S3Key></Filter></CloudFunctionConfiguration></NotificationConfiguration>';
  assert.deepEqual(put.decode(request(xml, { labels: { Bucket: 'b' } })), {
    Bucket: 'b',
    NotificationConfiguration: {
      LambdaFunctionConfigurations: [
        {
          Id: 'one',
          LambdaFunctionArn: 'arn',
          Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'],
          Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'a&b' }] } },
        },
      ],
    },
  });
  const list = codec('s3', 'ListObjectsV2', 'restXml');
  const Contents = [{ Key: 'k', Size: 3, LastModified: new Date('2026-01-02T03:04:05Z') }];
  assert.equal(
    text(list.encode({ Name: 'b', KeyCount: 1, Contents }, reply)),
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Contents>' +
      '<Key>k</Key><LastModified>2026-01-02T03:04:05Z</LastModified><Size>3</Size></Contents><Name>b</Name>' +
      '<KeyCount>1</KeyCount></ListBucketResult>',
  );
  const location = codec('s3', 'GetBucketLocation', 'restXml');
  assert.match(
    text(location.encode({ LocationConstraint: 'eu-west-1' }, reply)),
    /<LocationConstraint xmlns="[^"]+">eu-west-1<\/LocationConstraint>$/,
  );
});

test('restXml: object bodies and metadata', () => {
  const put = codec('s3', 'PutObject', 'restXml');
  const headers = { 'x-amz-meta-colour': 'blue', 'content-type': 'text/plain', 'content-length': '2' };
  const input = put.decode(request('hi', { labels: { Bucket: 'b', Key: 'a/k' }, headers }));
  assert.deepEqual(input, {
    Bucket: 'b',
    Key: 'a/k',
    Body: Buffer.from('hi'),
    ContentType: 'text/plain',
    ContentLength: 2,
    Metadata: { colour: 'blue' },
  });
  const get = codec('s3', 'GetObject', 'restXml');
  const LastModified = new Date('2026-01-02T03:04:05Z');
  const answer = get.encode(
    { Body: Buffer.from('hi'), ContentType: 'text/plain', LastModified, Metadata: { colour: 'blue' } },
    reply,
  );
  assert.deepEqual(
    new Map(pairs(answer.headers)),
    new Map([
      ['last-modified', 'Fri, 02 Jan 2026 03:04:05 GMT'],
      ['content-type', 'text/plain'],
      ['x-amz-meta-colour', 'blue'],
    ]),
  );
});

test("XML that is broken, nested without end or of a stranger's making is refused", () => {
  const put = codec('s3', 'PutBucketTagging', 'restXml');
  const bombs = [
    '<a',
    '<a></b>',
    '<a/><b/>',
    '',
    'text',
    '<a>&#xffffffff;</a>',
    '<a>'.repeat(1000),
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
  ];
  for (const xml of bombs.filter((one) => one !== '')) {
    assert.throws(
      () => put.decode(request(xml, { labels: { Bucket: 'b' } })),
      { code: 'MalformedXML' },
      xml.slice(0, 40),
    );
  }
});

test('rpcv2Cbor and the older CBOR of Kinesis differ in their timestamps', () => {
  const put = codec('cloudwatch', 'PutMetricData', 'rpcv2Cbor');
  const datum = { MetricName: 'm', Value: 1.5, Timestamp: new Tagged(1, 1.5) };
  assert.deepEqual(put.decode(request(encodeCbor({ Namespace: 'n', MetricData: [datum] }))), {
    Namespace: 'n',
    MetricData: [{ MetricName: 'm', Value: 1.5, Timestamp: new Date(1500) }],
  });
  const iterator = codec('kinesis', 'GetShardIterator', 'cbor1.1');
  const asked = {
    StreamName: 's',
    ShardId: 'shard-0',
    ShardIteratorType: 'AT_TIMESTAMP',
    Timestamp: new Tagged(1, 1500),
  };
  assert.deepEqual(iterator.decode(request(encodeCbor(asked))).Timestamp, new Date(1500));
  const records = codec('kinesis', 'GetRecords', 'cbor1.1');
  const Records = [{ Data: Buffer.of(1), PartitionKey: 'p', ApproximateArrivalTimestamp: new Date(1500) }];
  const answer = records.encode({ Records }, reply);
  assert.ok(answer.body instanceof Uint8Array);
  assert.deepEqual(JSON.parse(JSON.stringify(decodeCbor(Buffer.from(answer.body)))), {
    Records: [
      { Data: { type: 'Buffer', data: [1] }, PartitionKey: 'p', ApproximateArrivalTimestamp: { tag: 1, value: 1500 } },
    ],
  });
});

test('an event stream is frames with checksums, and what breaks it is an exception frame', async () => {
  const stream = codec('lambda', 'InvokeWithResponseStream', 'restJson1');
  const large = 'large '.repeat(10_000);
  async function* events() {
    yield { PayloadChunk: { Payload: Buffer.from('hello') } };
    yield { PayloadChunk: { Payload: Buffer.from(large) } };
    yield { InvokeComplete: { ErrorCode: 'Unhandled' } };
    throw new Error('the end');
  }
  const answer = stream.encode({ StatusCode: 200, EventStream: events() }, reply);
  assert.ok(
    pairs(answer.headers).some(
      ([name, value]) => name === 'content-type' && value === 'application/vnd.amazon.eventstream',
    ),
  );
  const pieces: Uint8Array[] = [];
  for await (const bytes of answer.body as AsyncIterable<Uint8Array>) pieces.push(bytes);
  const frames = [...framesIn(Buffer.concat(pieces))];
  assert.deepEqual(
    frames.map(({ headers, payload }) => [
      headers.get(':message-type'),
      headers.get(':event-type') ?? headers.get(':exception-type'),
      payload,
    ]),
    [
      ['event', 'PayloadChunk', 'hello'],
      ['event', 'PayloadChunk', large],
      ['event', 'InvokeComplete', '{"ErrorCode":"Unhandled"}'],
      ['exception', 'ServiceException', '{"message":"broken"}'],
    ],
  );
  assert.equal(frames[0]?.headers.get(':content-type'), 'application/octet-stream');
});

function* framesIn(bytes: Buffer) {
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    yield frame(bytes.subarray(at, at + length));
    at += length;
  }
}

function frame(bytes: Buffer): { headers: Map<string, string>; payload: string } {
  assert.equal(bytes.readUInt32BE(0), bytes.length);
  assert.equal(bytes.readUInt32BE(8), crc32(bytes.subarray(0, 8)));
  assert.equal(bytes.readUInt32BE(bytes.length - 4), crc32(bytes.subarray(0, -4)));
  const end = 12 + bytes.readUInt32BE(4);
  const headers = new Map<string, string>();
  for (let at = 12; at < end; ) {
    const name = bytes.toString('utf8', at + 1, at + 1 + bytes.readUInt8(at));
    const value = at + 1 + name.length + 3;
    const length = bytes.readUInt16BE(value - 2);
    headers.set(name, bytes.toString('utf8', value, value + length));
    at = value + length;
  }
  return { headers, payload: bytes.toString('utf8', end, bytes.length - 4) };
}

function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, place) => (place % 2 === 0 ? [[name, flat[place + 1] ?? ''] as [string, string]] : []));
}
