/**
 * What is accepted, validated, kept and shown, and not acted upon yet. docs/compatibility.md is made from this table; a
 * row goes when its member starts to mean something.
 */
export interface StoredOnly {
  /** The AWS member, as it is written in a request. */
  readonly member: string;
  /** What does not happen. */
  readonly meanwhile: string;
}

export const storedOnly: readonly StoredOnly[] = [
  {
    member: 'DestinationConfig of asynchronous invocation',
    meanwhile: 'functions, queues, topics and buckets are told; event buses are not, with a line in the log',
  },
  {
    member: 'FileSystemConfigs',
    meanwhile:
      'only access points that `--file-systems` gives a folder are mounted, in namespaces; for others the log says that ' +
      'nothing is, and the function runs without',
  },
  { member: 'KMSKeyArn', meanwhile: 'environment variables are not encrypted with the key' },
  { member: 'Code.SourceKMSKeyArn', meanwhile: 'the package is not encrypted with the key' },
  {
    member: 'Event source mappings of other sources than SQS',
    meanwhile: 'nothing is read; StateTransitionReason of the mapping says so',
  },
  {
    member: 'MetricsConfig of an event source mapping',
    meanwhile: 'ErrorCount and KafkaMetrics are not counted; EventCount is',
  },
  {
    member: 'KMSKeyArn of an event source mapping',
    meanwhile: 'filters are not encrypted with the key',
  },
  {
    member: 'TracingConfig',
    meanwhile:
      'sampled invocations go to an OpenTelemetry collector (`--otlp-endpoint`); there is no X-Ray, and ' +
      'segments that a function sends to its daemon address reach nobody',
  },
  { member: 'VpcConfig', meanwhile: 'the network is the same as without it' },
];
