/** The load client: a process of its own, so that it shares no event loop with what it measures. One job, one outcome. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from './connection.ts';
import type { Burst, Job, Outcome, Plan, Prepared, Problem, Saturate, Sequence } from './job.ts';
import { Samples } from './samples.ts';
import { Verifier } from './verify.ts';

const answerMsMax = 15_000;
const tooLate = `no answer after ${answerMsMax} ms`;

class Run {
  readonly #job: Job;
  readonly #requests: readonly Buffer[];
  readonly #verifier: Verifier;
  #samples = new Samples();
  #errors = 0;
  #firstError: string | undefined;

  constructor(job: Job) {
    this.#job = job;
    this.#requests = job.requests.map((request) => Buffer.from(request, 'base64'));
    this.#verifier = new Verifier(job.expected, job.status);
  }

  async outcome(): Promise<Outcome> {
    const { seconds, clientCpuSeconds } = await this.#carryOut(this.#job.plan);
    const [minMs = 0, p50Ms = 0, p90Ms = 0, p99Ms = 0, maxMs = 0] = this.#samples.percentiles([0, 0.5, 0.9, 0.99, 1]);
    return {
      answers: this.#samples.count,
      errors: this.#errors,
      ...(this.#firstError !== undefined && { firstError: this.#firstError }),
      seconds,
      clientCpuSeconds,
      minMs,
      p50Ms,
      p90Ms,
      p99Ms,
      maxMs,
    };
  }

  #carryOut(plan: Plan) {
    if (plan.kind === 'saturate') return this.#saturate(plan);
    return plan.kind === 'burst' ? this.#burst(plan) : this.#sequence(plan);
  }

  async #saturate({ connections, warmUpMs, durationMs }: Saturate) {
    const [request = Buffer.alloc(0)] = this.#requests;
    const loops = await Promise.all(Array.from({ length: connections }, () => this.#loop(request)));
    const runFor = async (ms: number) => {
      const endsAt = performance.now() + ms;
      const all = Promise.all(loops.map((loop) => loop.run(endsAt)));
      if ((await Promise.race([all, late(ms + answerMsMax)])) === tooLate) this.#failed(tooLate);
    };
    if (warmUpMs > 0) await runFor(warmUpMs);
    this.#samples = new Samples();
    const usage = await metered(() => runFor(durationMs));
    for (const loop of loops) loop.connection.close();
    return usage;
  }

  /** A connection that `run` keeps busy until a time, to the end of its last answer. */
  async #loop(request: Buffer) {
    let sentAt = 0;
    let endsAt = 0;
    let over = () => {};
    const send = () => {
      sentAt = performance.now();
      connection.send(request);
    };
    const connection = await Connection.open(this.#job, {
      answer: (answer) => {
        const now = performance.now();
        this.#count(now - sentAt, this.#verifier.wrong(answer));
        if (now < endsAt) send();
        else over();
      },
      lost: (why) => {
        this.#failed(why);
        over();
      },
    });
    const run = (until: number) =>
      new Promise<void>((resolve) => {
        endsAt = until;
        over = resolve;
        send();
      });
    return { connection, run };
  }

  async #sequence({ pauseMs }: Sequence) {
    let answered: (problem: string | undefined) => void = () => {};
    const connection = await Connection.open(this.#job, {
      answer: (answer) => answered(this.#verifier.wrong(answer)),
      lost: (why) => answered(why),
    });
    const exchange = async (request: Buffer) => {
      await sleep(pauseMs);
      const sentAt = performance.now();
      const answer = new Promise<string | undefined>((resolve) => {
        answered = resolve;
      });
      connection.send(request);
      const problem = await Promise.race([answer, late(answerMsMax)]);
      this.#count(performance.now() - sentAt, problem);
    };
    const usage = await metered(async () => {
      for (const request of this.#requests) await exchange(request);
    });
    connection.close();
    return usage;
  }

  async #burst({ answeredMsMax }: Burst) {
    const loops = await Promise.all(this.#requests.map((request) => this.#loop(request)));
    const usage = await metered(async () => {
      const all = Promise.all(loops.map((loop) => loop.run(0)));
      if ((await Promise.race([all, late(answeredMsMax)])) === tooLate) this.#failed(tooLate);
    });
    for (const loop of loops) loop.connection.close();
    return usage;
  }

  #count(ms: number, problem: string | undefined): void {
    if (problem === undefined) this.#samples.add(ms);
    else this.#failed(problem);
  }

  #failed(why: string): void {
    this.#errors += 1;
    this.#firstError ??= why;
  }
}

async function late(ms: number): Promise<typeof tooLate> {
  await sleep(ms, undefined, { ref: false });
  return tooLate;
}

/** Begins when told to, so that whoever asked can read its meters right before. */
async function metered(work: () => Promise<void>): Promise<{ seconds: number; clientCpuSeconds: number }> {
  const begin = new Promise((resolve) => process.once('message', resolve));
  process.send?.({ prepared: true } satisfies Prepared);
  await begin;
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - startedAt) / 1000, clientCpuSeconds: (user + system) / 1e6 };
}

process.on('disconnect', () => process.exit(1));
process.once('message', async (job: Job) => {
  const problem = (error: unknown): Problem => ({ problem: String(error) });
  const answer = await new Run(job).outcome().catch(problem);
  process.send?.(answer, () => process.exit(0));
});
