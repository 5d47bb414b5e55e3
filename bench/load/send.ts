import { type Agent, request } from 'node:http';

/** A server, and the connections to it that are kept alive. */
export interface Line {
  readonly host: string;
  readonly port: number;
  readonly agent: Agent;
}

export interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Resolves when the whole answer is there and says 200. Loopback asks for no signature. */
export function send({ host, port, agent }: Line, { method, path, headers, body = Buffer.of() }: Sent): Promise<void> {
  return new Promise((resolve, reject) => {
    const all = { ...headers, 'content-length': body.length };
    const sent = request({ agent, host, port, method, path, headers: all }, (answer) => {
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`${method} ${path}: ${answer.statusCode}`)),
      );
      answer.on('error', reject);
      answer.resume();
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
