/** The statements of AWS's managed policies, by path and name. */

interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

function allow(Action: string | readonly string[], Resource: string | readonly string[] = '*'): Statement {
  return { Effect: 'Allow', Action, Resource };
}

const writeLogs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

const interfaces = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

const lookAround = [
  'cloudformation:DescribeStacks',
  'cloudformation:ListStackResources',
  'cloudwatch:ListMetrics',
  'cloudwatch:GetMetricData',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'kms:ListAliases',
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
  'iam:ListRoles',
];

const logsOfFunctions = 'arn:aws:logs:*:*:log-group:/aws/lambda/*';

const readLogs = [
  'logs:DescribeLogStreams',
  'logs:GetLogEvents',
  'logs:FilterLogEvents',
  'logs:StartLiveTail',
  'logs:StopLiveTail',
];

const passRoleToLambda: Statement = {
  ...allow('iam:PassRole'),
  Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
};

export const documents: Readonly<Record<string, readonly Statement[]>> = {
  AdministratorAccess: [allow('*')],
  AWSLambda_FullAccess: [
    allow([
      ...lookAround,
      'lambda:*',
      'logs:DescribeLogGroups',
      'states:DescribeStateMachine',
      'states:ListStateMachines',
      'tag:GetResources',
      'xray:GetTraceSummaries',
      'xray:BatchGetTraces',
    ]),
    passRoleToLambda,
    allow(readLogs, logsOfFunctions),
  ],
  AWSLambda_ReadOnlyAccess: [
    allow([
      ...lookAround,
      'logs:DescribeLogGroups',
      'lambda:Get*',
      'lambda:List*',
      'states:DescribeStateMachine',
      'states:ListStateMachines',
      'tag:GetResources',
      'xray:GetTraceSummaries',
      'xray:BatchGetTraces',
    ]),
    allow(readLogs, logsOfFunctions),
  ],
  AWSLambdaExecute: [allow('logs:*', 'arn:aws:logs:*:*:*'), allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::*')],
  'AWSLambdaInvocation-DynamoDB': [
    allow('lambda:InvokeFunction'),
    allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams']),
  ],
  AWSXRayDaemonWriteAccess: [
    allow([
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:GetSamplingStatisticSummaries',
    ]),
  ],
  AWSXrayWriteOnlyAccess: [
    allow([
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:GetSamplingStatisticSummaries',
    ]),
  ],
  AmazonDynamoDBFullAccess: [allow('dynamodb:*')],
  AmazonDynamoDBReadOnlyAccess: [
    allow([
      'dynamodb:BatchGetItem',
      'dynamodb:Describe*',
      'dynamodb:List*',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:Scan',
      'dynamodb:PartiQLSelect',
    ]),
  ],
  AmazonEventBridgeFullAccess: [allow(['events:*', 'schemas:*', 'scheduler:*', 'pipes:*'])],
  AmazonKinesisFullAccess: [allow('kinesis:*')],
  AmazonKinesisReadOnlyAccess: [allow(['kinesis:Get*', 'kinesis:List*', 'kinesis:Describe*'])],
  AmazonS3FullAccess: [allow(['s3:*', 's3-object-lambda:*'])],
  AmazonS3ReadOnlyAccess: [
    allow(['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*']),
  ],
  AmazonSNSFullAccess: [allow('sns:*')],
  AmazonSNSReadOnlyAccess: [allow(['sns:GetTopicAttributes', 'sns:List*', 'sns:CheckIfPhoneNumberIsOptedOut'])],
  AmazonSQSFullAccess: [allow('sqs:*')],
  AmazonSQSReadOnlyAccess: [
    allow([
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ListDeadLetterSourceQueues',
      'sqs:ListQueues',
      'sqs:ListMessageMoveTasks',
      'sqs:ListQueueTags',
    ]),
  ],
  AmazonKinesisFirehoseFullAccess: [allow('firehose:*')],
  AmazonSESFullAccess: [allow('ses:*')],
  AWSCloudFormationFullAccess: [allow('cloudformation:*')],
  AWSStepFunctionsFullAccess: [allow('states:*')],
  AmazonSSMReadOnlyAccess: [allow(['ssm:Describe*', 'ssm:Get*', 'ssm:List*'])],
  AmazonAPIGatewayAdministrator: [allow('apigateway:*', 'arn:aws:apigateway:*::/*')],
  AmazonAPIGatewayInvokeFullAccess: [
    allow(['execute-api:Invoke', 'execute-api:ManageConnections'], 'arn:aws:execute-api:*:*:*'),
  ],
  CloudWatchFullAccess: [
    allow([
      'autoscaling:Describe*',
      'cloudwatch:*',
      'logs:*',
      'sns:*',
      'iam:GetPolicy',
      'iam:GetPolicyVersion',
      'iam:GetRole',
      'oam:ListSinks',
    ]),
  ],
  CloudWatchLambdaInsightsExecutionRolePolicy: [
    allow('logs:CreateLogGroup'),
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], 'arn:aws:logs:*:*:log-group:/aws/lambda-insights:*'),
  ],
  CloudWatchLogsFullAccess: [allow(['logs:*', 'cloudwatch:GenerateQuery'])],
  CloudWatchLogsReadOnlyAccess: [
    allow([
      'logs:Describe*',
      'logs:Get*',
      'logs:List*',
      'logs:StartQuery',
      'logs:StopQuery',
      'logs:TestMetricFilter',
      'logs:FilterLogEvents',
      'logs:StartLiveTail',
      'logs:StopLiveTail',
      'cloudwatch:GenerateQuery',
    ]),
  ],
  IAMFullAccess: [allow('iam:*')],
  IAMReadOnlyAccess: [
    allow([
      'iam:GenerateCredentialReport',
      'iam:Get*',
      'iam:List*',
      'iam:SimulateCustomPolicy',
      'iam:SimulatePrincipalPolicy',
    ]),
  ],
  PowerUserAccess: [
    { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
    allow([
      'account:GetAccountInformation',
      'account:GetPrimaryEmail',
      'account:ListRegions',
      'iam:CreateServiceLinkedRole',
      'iam:DeleteServiceLinkedRole',
      'iam:ListRoles',
      'organizations:DescribeOrganization',
    ]),
  ],
  SecretsManagerReadWrite: [allow('secretsmanager:*')],
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': [
    allow([
      ...['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogGroups', 'logs:DescribeLogStreams'],
      ...['logs:PutLogEvents', 'logs:GetLogEvents', 'logs:FilterLogEvents'],
    ]),
  ],
  'service-role/AWSLambdaBasicExecutionRole': [allow(writeLogs)],
  'service-role/AWSLambdaDynamoDBExecutionRole': [
    allow([
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      ...writeLogs,
    ]),
  ],
  'service-role/AWSLambdaENIManagementAccess': [allow(interfaces)],
  'service-role/AWSLambdaKinesisExecutionRole': [
    allow([
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
      'kinesis:ListStreams',
      'kinesis:SubscribeToShard',
      ...writeLogs,
    ]),
  ],
  'service-role/AWSLambdaMSKExecutionRole': [
    allow([
      'kafka:DescribeCluster',
      'kafka:DescribeClusterV2',
      'kafka:GetBootstrapBrokers',
      ...interfaces,
      ...writeLogs,
    ]),
  ],
  'service-role/AWSLambdaRole': [allow('lambda:InvokeFunction')],
  'service-role/AWSLambdaSQSQueueExecutionRole': [
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...writeLogs]),
  ],
  'service-role/AWSLambdaVPCAccessExecutionRole': [allow([...writeLogs, ...interfaces])],
};
