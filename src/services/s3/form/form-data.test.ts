import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { readForm } from './form-data.ts';

const type = 'multipart/form-data; boundary=xYz';
const file = '\r\nstarts like a boundary: \r\n--xY and goes on\r\n';
const form = [
  '--xYz\r\nContent-Disposition: form-data; name="Key"\r\n\r\na/$FILE\r\n',
  '--xYz\r\nContent-Disposition: form-data; name="empty"\r\n\r\n\r\n',
  `--xYz\r\nContent-Disposition: form-data; name="file"; filename="C:\\up\\é.txt"\r\nContent-Type: text/plain\r\n\r\n${file}\r\n`,
  '--xYz\r\nContent-Disposition: form-data; name="late"\r\n\r\nnot read\r\n--xYz--\r\n',
].join('');

async function* inPieces(text: string, bytes: number): AsyncGenerator<Buffer> {
  const whole = Buffer.from(text);
  for (let at = 0; at < whole.length; at += bytes) yield whole.subarray(at, at + bytes);
}

test('fields and file come out the same, however the form is cut', async () => {
  for (const bytes of [1, 2, 3, 7, 64, 100_000]) {
    const { fields, fileName, file: stream } = await readForm(type, inPieces(form, bytes));
    assert.deepEqual(
      [...fields],
      [
        ['key', 'a/$FILE'],
        ['empty', ''],
      ],
      `pieces of ${bytes}`,
    );
    assert.equal(fileName, 'é.txt');
    assert.equal((await buffer(stream)).toString(), file);
  }
});

test('what is no form, has no file or ends too early is refused', async () => {
  const part = '--xYz\r\nContent-Disposition: form-data; name="a"\r\n\r\n';
  const broken: readonly [code: string, contentType: string, text: string][] = [
    ['MalformedPOSTRequest', 'multipart/form-data', form],
    ['MalformedPOSTRequest', type, 'nothing'],
    ['MalformedPOSTRequest', type, ''],
    ['InvalidArgument', type, `${part}x\r\n--xYz--\r\n`],
    ['MaxPostPreDataLengthExceeded', type, `${part}${'x'.repeat(30_000)}\r\n--xYz--\r\n`],
    ['MaxPostPreDataLengthExceeded', type, `${part}x`],
  ];
  for (const [code, contentType, text] of broken) {
    await assert.rejects(readForm(contentType, inPieces(text, 1000)), { code }, text.slice(0, 60));
  }
  const cut = form.slice(0, form.indexOf('goes on'));
  const { file: stream } = await readForm(type, inPieces(cut, 10));
  await assert.rejects(buffer(stream), { code: 'MalformedPOSTRequest' });
});
