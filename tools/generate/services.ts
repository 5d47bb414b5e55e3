/** Which services are modelled, and the exact packages their models come from. */
import type { Protocol } from '../../src/aws/model.ts';

export interface Source {
  /** Our name, and that of the folder in src/services. */
  readonly service: string;
  /** npm package without its scope. */
  readonly client: string;
  readonly clientVersion: string;
  /** Folder in botocore's data. */
  readonly botocore: string;
  /** Protocols a client may use beyond the model's own, newest first. */
  readonly protocols: readonly Protocol[];
  readonly xmlNamespace?: string;
}

export const botocoreVersion = '1.43.107';

const usual = '3.1164.0';

export const sources: readonly Source[] = [
  source('lambda', 'client-lambda', ['restJson1']),
  source('logs', 'client-cloudwatch-logs', ['awsJson1.1']),
  source('sts', 'client-sts', ['awsQuery']),
  source('iam', 'client-iam', ['awsQuery']),
  source('s3', 'client-s3', ['restXml']),
  // botocore lists JSON only, but older clients, the Debian CLI among them, still send forms.
  {
    ...source('sqs', 'client-sqs', ['awsJson1.0', 'awsQuery']),
    xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
  },
  source('sns', 'client-sns', ['awsQuery']),
  { ...source('kinesis', 'client-kinesis', ['awsJson1.1', 'cbor1.1']), clientVersion: '3.1143.0' },
  source('dynamodb', 'client-dynamodb', ['awsJson1.0']),
  { ...source('dynamodbstreams', 'client-dynamodb-streams', ['awsJson1.0']), clientVersion: '3.1141.0' },
  source('events', 'client-eventbridge', ['awsJson1.1']),
  source('scheduler', 'client-scheduler', ['restJson1']),
  source('cloudwatch', 'client-cloudwatch', ['rpcv2Cbor', 'awsJson1.0', 'awsQuery']),
  { ...source('apigateway', 'client-api-gateway', ['restJson1']), clientVersion: '3.1142.0' },
  source('apigatewayv2', 'client-apigatewayv2', ['restJson1']),
  source('cloudformation', 'client-cloudformation', ['awsQuery']),
  source('ssm', 'client-ssm', ['awsJson1.1']),
  source('secretsmanager', 'client-secrets-manager', ['awsJson1.1']),
  source('ecr', 'client-ecr', ['awsJson1.1']),
];

/** Services whose client is a development dependency, so that types can be imported from it. */
export const typed: ReadonlySet<string> = new Set([
  'lambda',
  'logs',
  'sts',
  'iam',
  's3',
  'sqs',
  'sns',
  'cloudwatch',
  'apigatewayv2',
  'apigateway',
]);

function source(service: string, client: string, protocols: readonly Protocol[]): Source {
  return { service, client, clientVersion: usual, botocore: service, protocols };
}
