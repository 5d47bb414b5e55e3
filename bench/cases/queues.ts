/** What a queue takes and gives in a second, everything on the disk before it is answered. */

import { measure } from '../load/run.ts';
import { sqsRequest } from '../signing.ts';
import { type Lambent, startLambent } from '../targets/lambent.ts';
import type { Case, Row, Run } from './case.ts';
import { figures } from './lanes.ts';

const bodyBytes = 1000;
const perBatch = 10;

interface Lane {
  readonly of: string;
  readonly operation: string;
  readonly input: object;
  /** Messages in a request. */
  readonly messages: number;
  readonly connections: number;
}

export const queues: Case = {
  title: 'Messages a second through SQS',
  method:
    `Messages of ${bodyBytes} bytes to and from one standard queue; those received are visible again at once, and each ` +
    'receive is written like each send',
  secondsMax: 60,
  async run(run) {
    try {
      const lambent = await startLambent(run, { flags: ['--warm-environments', '0'] });
      const rows = await measured(run, lambent);
      await lambent.stop();
      return rows;
    } catch (error) {
      const note = error instanceof Error ? error.message : String(error);
      return [{ subject: 'lambent', of: 'send', rounds: [], note }];
    }
  },
};

async function measured(run: Run, lambent: Lambent): Promise<Row[]> {
  const urlOf = (name: string) => `http://${lambent.host}:${lambent.port}/000000000000/${name}`;
  const [QueueUrl, small] = [urlOf('q'), urlOf('small')];
  const created = ['q', 'small'].map((QueueName) => sqsRequest(lambent, 'CreateQueue', { QueueName }));
  const MessageBody = 'x'.repeat(bodyBytes);
  const Entries = Array.from({ length: perBatch }, (_, n) => ({ Id: `${n}`, MessageBody }));
  const filled = Array.from({ length: 100 }, () =>
    sqsRequest(lambent, 'SendMessageBatch', { QueueUrl: small, Entries }),
  );
  await inSequence(run, lambent, [...created, ...filled]);
  const receive = { MaxNumberOfMessages: perBatch, VisibilityTimeout: 0 };
  const fromSmall = { ...receive, QueueUrl: small };
  const fromLarge = { ...receive, QueueUrl };
  const lanes: Lane[] = [
    { of: 'send', operation: 'SendMessage', input: { QueueUrl, MessageBody }, messages: 1, connections: 16 },
    {
      of: 'send, 64 at once',
      operation: 'SendMessage',
      input: { QueueUrl, MessageBody },
      messages: 1,
      connections: 64,
    },
    {
      of: 'send ten',
      operation: 'SendMessageBatch',
      input: { QueueUrl, Entries },
      messages: perBatch,
      connections: 16,
    },
    { of: 'receive ten', operation: 'ReceiveMessage', input: fromSmall, messages: perBatch, connections: 16 },
    { of: 'receive ten of many', operation: 'ReceiveMessage', input: fromLarge, messages: perBatch, connections: 16 },
  ];
  const rows: Row[] = [];
  for (const lane of lanes) rows.push(await measuredLane(run, lambent, lane));
  return rows;
}

async function measuredLane(run: Run, lambent: Lambent, lane: Lane): Promise<Row> {
  run.say(`  ${lane.of}`);
  const { of, operation, input, messages, connections } = lane;
  const { host, port, pid } = lambent;
  const requests = [sqsRequest(lambent, operation, input)];
  const plan = { kind: 'saturate', connections, warmUpMs: 500, durationMs: run.quick ? 500 : 1200 } as const;
  const rounds = [];
  for (let round = 0; round < (run.quick ? 1 : 3); round += 1) {
    const outcome = await measure({ host, port, requests, plan }, { children: run.children, pid });
    if (outcome.firstError !== undefined) return { subject: 'lambent', of, rounds, note: outcome.firstError };
    const all = figures(outcome);
    rounds.push({ ...all, perSecond: (all.perSecond ?? 0) * messages });
  }
  return { subject: 'lambent', of, rounds };
}

async function inSequence({ children }: Run, { host, port, pid }: Lambent, requests: string[]): Promise<void> {
  const plan = { kind: 'sequence', pauseMs: 0 } as const;
  const { firstError } = await measure({ host, port, requests, plan }, { children, pid });
  if (firstError !== undefined) throw new Error(firstError);
}
