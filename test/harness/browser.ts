/** A headless Chromium with one page, driven over its DevTools protocol; gone again whatever the test did. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const program = 'chromium';
const waitMsMax = 60_000;
const closeWaitMsMax = 5000;

/** Why a test that needs it is left out; undefined when it is there. */
export function noBrowser(): string | undefined {
  const { status } = spawnSync(program, ['--version'], { stdio: 'ignore' });
  return status === 0 ? undefined : 'Chromium is not installed (apt-get install chromium)';
}

export interface Browser extends AsyncDisposable {
  /** Opens it and waits for its load event. */
  open(url: string): Promise<void>;
  /** The value of an expression in the page, awaited; what it throws is thrown. */
  evaluate(expression: string): Promise<unknown>;
  /** Until the expression is true; fails with the page's text after a minute. */
  until(expression: string): Promise<void>;
  /** As from a keyboard, into what has the focus. */
  type(text: string): Promise<void>;
  /** At the middle of the first element that the selector finds. */
  click(selector: string): Promise<void>;
  /** What the page wrote to its console as an error, and what it threw. */
  readonly complaints: readonly string[];
}

export async function startBrowser(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'lambent-browser-'));
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
  const words = [...flags, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'];
  // A group of its own: a browser has processes of its own that would outlive it.
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let wire: Wire | undefined;
  const end = async () => {
    await ended(child, wire);
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  try {
    const address = new URL(await debuggerAddress(child));
    const list = await fetch(`http://${address.host}/json/list`);
    const [page] = (await list.json()) as { webSocketDebuggerUrl: string }[];
    if (page === undefined) throw new Error('The browser has no page');
    wire = await Wire.connect(page.webSocketDebuggerUrl);
    await Promise.all([wire.call('Page.enable'), wire.call('Runtime.enable')]);
    return pageOf(wire, end);
  } catch (error) {
    await end();
    throw error;
  }
}

/** By its own way out, on which it takes its processes along; by force when it takes too long. */
async function ended(child: ChildProcess, wire: Wire | undefined): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const group = -child.pid;
  const exited = once(child, 'exit');
  const late = setTimeout(() => process.kill(group, 'SIGKILL'), wire === undefined ? 0 : closeWaitMsMax);
  wire?.call('Browser.close').catch(() => {});
  await exited;
  clearTimeout(late);
}

async function debuggerAddress({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error('The browser has no standard error');
  const said: string[] = [];
  const signal = AbortSignal.timeout(waitMsMax);
  for await (const line of createInterface({ input: stderr, signal })) {
    const address = /^DevTools listening on (ws:\S+)$/.exec(line)?.[1];
    // Nobody reads the rest; a full pipe would stop the browser.
    if (address !== undefined) {
      stderr.resume();
      return address;
    }
    said.push(line);
  }
  throw new Error(`The browser did not start: ${said.join('\n')}`);
}

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
}

function pageOf(wire: Wire, end: () => Promise<void>): Browser {
  const evaluate = async (expression: string) => {
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await wire.call<Evaluated>('Runtime.evaluate', asked);
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? 'The page threw');
    return result.value;
  };
  return {
    complaints: wire.complaints,
    evaluate,
    async open(url) {
      const loaded = wire.next('Page.loadEventFired');
      const { errorText } = await wire.call<{ errorText?: string }>('Page.navigate', { url });
      if (errorText !== undefined) throw new Error(`${url}: ${errorText}`);
      await loaded;
    },
    async until(expression) {
      const last = performance.now() + waitMsMax;
      while (!(await evaluate(expression))) {
        if (performance.now() > last) {
          throw new Error(`Never true: ${expression}\n${await evaluate('document.body.innerText')}`);
        }
        await evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
      }
    },
    async type(text) {
      await wire.call('Input.insertText', { text });
    },
    async click(selector) {
      const found = `document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect()`;
      const { x, y } = (await evaluate(
        `(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 }))(${found})`,
      )) as { x: number; y: number };
      for (const type of ['mousePressed', 'mouseReleased']) {
        await wire.call('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
      }
    },
    [Symbol.asyncDispose]: end,
  };
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly params?: {
    readonly type?: string;
    readonly args?: readonly { readonly value?: unknown; readonly description?: string }[];
    readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
  };
}

/** Commands and events of one page. */
class Wire {
  readonly complaints: string[] = [];
  readonly #socket: WebSocket;
  readonly #calls = new Map<number, (message: Message) => void>();
  readonly #events = new Map<string, () => void>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data))));
  }

  static async connect(url: string): Promise<Wire> {
    const socket = new WebSocket(url);
    const wire = new Wire(socket);
    await timely('the connection to the browser', (resolve, reject) => {
      socket.addEventListener('open', () => resolve(undefined));
      socket.addEventListener('error', () => reject(new Error('The browser takes no connection')));
    });
    return wire;
  }

  async call<Result = unknown>(method: string, params: object = {}): Promise<Result> {
    this.#last += 1;
    const id = this.#last;
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await timely<Message>(method, (resolve) => this.#calls.set(id, resolve));
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as Result;
  }

  next(event: string): Promise<void> {
    return timely(event, (resolve) => this.#events.set(event, () => resolve(undefined)));
  }

  #take(message: Message): void {
    const { id, method = '', params } = message;
    if (id !== undefined) {
      this.#calls.get(id)?.(message);
      this.#calls.delete(id);
      return;
    }
    this.#events.get(method)?.();
    this.#events.delete(method);
    const thrown = params?.exceptionDetails;
    if (thrown !== undefined) this.complaints.push(thrown.exception?.description ?? thrown.text);
    if (method === 'Runtime.consoleAPICalled' && params?.type === 'error') {
      this.complaints.push((params.args ?? []).map((arg) => String(arg.value ?? arg.description)).join(' '));
    }
  }
}

function timely<Result>(
  what: string,
  start: (resolve: (value: Result) => void, reject: (error: Error) => void) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Nothing came of ${what}`)), waitMsMax);
    const ended = () => clearTimeout(late);
    start(
      (value) => {
        ended();
        resolve(value);
      },
      (error) => {
        ended();
        reject(error);
      },
    );
  });
}
