/**
 * The limit of whatever hands requests to other processes: takes the body of what comes, sends it over a unix socket to one
 * of eight processes that send it back, and answers with that. It understands no HTTP, and looks at nothing. All of it
 * exits with whoever started it.
 */
import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const echoes = 8;
const headEnd = Buffer.from('\r\n\r\n');
const [, , path] = process.argv;

if (path === undefined) relay(join(tmpdir(), `lambent-relay-${process.pid}`));
else echo(connect(path));

function echo(socket: Socket): void {
  socket.on('data', (bytes) => socket.write(bytes));
  socket.on('close', () => process.exit());
}

function relay(at: string): void {
  const free: Socket[] = [];
  const waiting: ((socket: Socket) => void)[] = [];
  let connected = 0;
  const back = createServer((socket) => {
    free.push(socket);
    connected += 1;
    if (connected < echoes) return;
    rmSync(at);
    front.listen(0, '127.0.0.1', () => console.log(`ready ${portOf()}`));
  });
  const front = createServer({ noDelay: true }, (client) => {
    client.on('error', () => {});
    client.on('data', (request: Buffer) => {
      const body = request.subarray(request.indexOf(headEnd) + headEnd.length);
      const send = (socket: Socket) => {
        socket.once('data', (answer: Buffer) => {
          const next = waiting.shift();
          if (next === undefined) free.push(socket);
          else next(socket);
          client.write(`HTTP/1.1 200 OK\r\ncontent-length: ${answer.length}\r\n\r\n${answer.toString()}`);
        });
        socket.write(body);
      };
      const socket = free.pop();
      if (socket === undefined) waiting.push(send);
      else send(socket);
    });
  });
  const portOf = () => {
    const address = front.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  };
  back.listen(at, () => {
    for (let count = 0; count < echoes; count++) fork(import.meta.filename, [at]);
  });
}
