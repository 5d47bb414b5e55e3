/**
 * `npm run demo`: uploading a picture makes a function run. Starts a server of its own with an empty data folder, deploys
 * `examples/thumbnail`, puts a photograph into a bucket, fetches the thumbnail from another, shows what happened, and leaves
 * nothing behind but the picture.
 */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, numberOf, objectsOf } from '../src/cli/client.ts';
import { bytes, styleFor } from '../src/cli/text.ts';
import { Aws, pictures, type Thumbnail, thumbnails } from './demo-aws.ts';
import { Children } from './demo-children.ts';
import { bill, durations, indented, type Run } from './demo-page.ts';

const root = join(import.meta.dirname, '..');
const example = join(root, 'examples', 'thumbnail');
const photograph = join(root, 'examples', 'coffee.jpg');
const lambent = join(root, 'bin', 'lambent');
const name = 'thumbnail';
const memoryMb = 512;
const warmRuns = 4;

const style = styleFor(process.stdout, process.env);
const children = new Children();
const folder = mkdtempSync(join(tmpdir(), 'lambent-demo-'));
let stopping: Promise<void> | undefined;

process.on('SIGINT', () => void abandon(130));
process.on('SIGTERM', () => void abandon(143));
process.on('SIGHUP', () => void abandon(129));
// Whoever reads what is printed may leave early, as `head` does.
process.stdout.on('error', () => void abandon(1));
try {
  await demo();
} catch (error) {
  // Whoever pressed Ctrl-C knows why the programs ended.
  if (stopping === undefined) {
    console.error(`\n${style.bad('demo:')} ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
} finally {
  await cleanUp();
}

async function demo(): Promise<void> {
  await step('Building', () => command(join(root, 'bin', 'node'), ['tools/build.ts'], root));
  await step('Installing the packages of examples/thumbnail', installExample);
  const url = await step('Starting Lambent with an empty data folder', startServer);
  await step(`Deploying examples/thumbnail as the function "${name}"`, () => deploy(url));
  const aws = new Aws(url);
  await step(`Creating the buckets "${pictures}" and "${thumbnails}"; the first one's uploads run the function`, () =>
    aws.connect(name),
  );
  const { cold, warm, thumbnail } = await step(`Uploading ${bytes(statSync(photograph).size)} of photograph`, () =>
    uploadAll(aws),
  );
  const picture = resolve('thumbnail.jpg');
  writeFileSync(picture, thumbnail.image);
  const log = await command(lambent, ['logs', name, '--endpoint', url], root);
  const totals = await usage(clientOf(url));
  section('The picture', `  ${pictureLine(thumbnail)}\n  ${style.good(picture)}`);
  section('From the upload to the thumbnail', indentedTable(durations(cold, warm, style)));
  section("The function's log", indented(firstInvocation(log)));
  section('What AWS would have charged', indentedTable(bill(totals, memoryMb, style)));
  section('How to go on', nextSteps());
}

function nextSteps(): string {
  return [
    '  npx lambent up                                        start a server that stays, in another terminal',
    '  npx lambent deploy examples/thumbnail --memory 512 --env THUMBNAILS=thumbnails    the same function there',
    '  npx lambent functions                                 what is deployed',
    '  aws --endpoint-url http://127.0.0.1:4566 s3 cp picture.jpg s3://pictures/',
    '  npx lambent logs thumbnail --follow                   its log, as it comes',
    '',
    '  docs/getting-started.md writes a function of your own.',
  ].join('\n');
}

/** Nothing to do when a run before has left them there for this very lock file. */
async function installExample(): Promise<void> {
  const mark = join(example, 'node_modules', '.package-lock.json');
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(join(example, 'package-lock.json')).mtimeMs) return;
  const { code, stderr } = await children.run('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: example,
  });
  if (code === 0) return;
  throw new Error(`npm ci in examples/thumbnail failed; it needs npm's registry or a filled npm cache:\n${stderr}`);
}

async function startServer(): Promise<string> {
  const args = ['up', '--port', '0', '--data', join(folder, 'data')];
  return children.serve(lambent, args, { cwd: root, env: plainEnvironment(), logFile: join(folder, 'server.log') });
}

/** nodejs26.x is the Node.js that Lambent carries along: nothing has to be fetched for it. */
async function deploy(url: string): Promise<void> {
  const flags = ['--name', name, '--runtime', 'nodejs26.x', '--memory', String(memoryMb), '--timeout', '30'];
  const variables = ['--env', `THUMBNAILS=${thumbnails}`, '--env', 'WIDTH=200'];
  await command(lambent, ['deploy', example, ...flags, ...variables, '--endpoint', url], root);
}

async function uploadAll(aws: Aws): Promise<{ cold: Run; warm: Run[]; thumbnail: Thumbnail }> {
  const first = await aws.upload('coffee.jpg', photograph, 0, name);
  const warm: Run[] = [];
  for (let index = 1; index <= warmRuns; index++) {
    warm.push((await aws.upload(`coffee ${index}.jpg`, photograph, index, name)).run);
  }
  return { cold: first.run, warm, thumbnail: first.thumbnail };
}

async function usage(client: Client) {
  const answer = await client.json({ method: 'GET', path: '/_lambent/usage', service: 'lambda' });
  const sum = (key: string) => objectsOf(answer.rows).reduce((total, row) => total + (numberOf(row[key]) ?? 0), 0);
  return { requests: sum('requests'), billedMs: sum('billedMs'), gbSeconds: sum('gbSeconds') };
}

function clientOf(url: string): Client {
  const credentials = { accessKeyId: 'demo', secretAccessKey: 'demo' };
  return new Client({ endpoint: new URL(url), region: 'us-east-1', credentials, now: Date.now });
}

function pictureLine({ from, size, image }: Thumbnail): string {
  const pixels = (text: string) => text.replace('x', '×');
  return `${pixels(from)}, ${bytes(statSync(photograph).size)} → ${pixels(size)} jpeg, ${bytes(image.length)}`;
}

/** The log up to and with the first REPORT line, without the time that `lambent logs` puts before each. */
function firstInvocation(log: string): string {
  const lines = log.split('\n').map((line) => line.replace(/^\d{4}-\S+Z /, ''));
  const end = lines.findIndex((line) => line.includes('REPORT RequestId'));
  return lines.slice(0, end + 1).join('\n');
}

/** Runs a program that must succeed. */
async function command(program: string, args: string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await children.run(program, args, { cwd, env: plainEnvironment() });
  if (code === 0) return stdout;
  throw new Error(`${[program, ...args].join(' ')} ended with code ${code}:\n${stderr || stdout}`);
}

/** A person's own AWS settings must not lead the demo to another server. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(AWS|LAMBENT)_/.test(key)));
}

/** One line a step: on a terminal it counts the seconds while it lasts, elsewhere it is printed once it is done. */
async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const line = (sign: string) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    return `  ${sign} ${what}  ${style.faint(`${seconds} s`)}`;
  };
  const ticking = process.stdout.isTTY ? setInterval(() => process.stdout.write(`\r${line('…')}`), 100) : undefined;
  try {
    const result = await work();
    process.stdout.write(`${ticking ? '\r' : ''}${line(style.good('✓'))}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`${ticking ? '\r' : ''}${line(style.bad('✗'))}\n`);
    throw error;
  } finally {
    clearInterval(ticking);
  }
}

function section(title: string, body: string): void {
  process.stdout.write(`\n${style.strong(title)}\n${body}\n`);
}

function indentedTable(table: string): string {
  return table.replace(/^/gm, '  ');
}

function cleanUp(): Promise<void> {
  stopping ??= children.stop().finally(() => rmSync(folder, { recursive: true, force: true }));
  return stopping;
}

async function abandon(code: number): Promise<void> {
  await cleanUp();
  process.exit(code);
}
