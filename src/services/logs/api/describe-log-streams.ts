import { existingGroup, groupArn, invalidParameter, type LogsParts, namedGroup, page } from '../parts.ts';
import type { LogsOperation } from './types.ts';

const limitDefault = 50;

export function describeLogStreams({ logs }: LogsParts): LogsOperation<'DescribeLogStreams'> {
  return {
    async handle(input, context) {
      const group = namedGroup(input.logGroupName, input.logGroupIdentifier);
      const {
        logStreamNamePrefix: prefix,
        orderBy = 'LogStreamName',
        descending = false,
        limit = limitDefault,
      } = input;
      if (orderBy === 'LastEventTime' && prefix !== undefined) {
        throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
      }
      const queries = await logs.read();
      existingGroup(queries, context, group);
      const streams = queries.streams(context, group).filter(({ name }) => name.startsWith(prefix ?? ''));
      if (orderBy === 'LastEventTime') streams.sort((a, b) => (a.lastTime ?? 0) - (b.lastTime ?? 0));
      if (descending) streams.reverse();
      const { items, next } = page(streams, input.nextToken, limit);
      return {
        logStreams: items.map((stream) => ({
          logStreamName: stream.name,
          creationTime: stream.created,
          firstEventTimestamp: stream.firstTime,
          lastEventTimestamp: stream.lastTime,
          lastIngestionTime: stream.lastIngestion,
          uploadSequenceToken: String(stream.nextSequence),
          arn: `${groupArn(context, group)}:log-stream:${stream.name}`,
          storedBytes: 0,
        })),
        nextToken: next,
      };
    },
  };
}
