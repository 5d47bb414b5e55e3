import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import type { Log } from '../../observe/log.ts';
import { silentLog } from '../../observe/log.ts';
import { version } from '../../store/testing/records.ts';
import { FileSystems } from './file-systems.ts';

const arn = (end: string, account = '000000000000') =>
  `arn:aws:elasticfilesystem:us-east-1:${account}:access-point/fsap-0123456789abcdef${end}`;
const foreign = arn('2', '111111111111');
const folders = new Map([
  [arn('0'), tmpdir()],
  [foreign, tmpdir()],
]);

function withFileSystem(Arn: string) {
  const plain = version('f', 'r', 'aa');
  const stored = { FileSystemConfigs: [{ Arn, LocalMountPath: '/mnt/data' }] };
  return { ...plain, configuration: { ...plain.configuration, stored } };
}

function opened(ownFileSystem: boolean) {
  const said: string[] = [];
  const log: Log = { ...silentLog, warn: (what, fields) => void said.push(`${what}: ${fields?.why}`) };
  const guarantees = { ownFileSystem } as ConstructorParameters<typeof FileSystems>[0]['kind']['guarantees']; // the one asked for
  const kind = { name: ownFileSystem ? 'namespace' : 'process', guarantees } as const;
  return { said, fileSystems: new FileSystems({ kind, folders, log }) };
}

test('A function has the folder that stands for its access point, at its own path', () => {
  const { said, fileSystems } = opened(true);
  assert.deepEqual(fileSystems.mountsOf(withFileSystem(arn('0'))), [{ source: tmpdir(), target: '/mnt/data' }]);
  assert.deepEqual(fileSystems.mountsOf(version('f', 'r', 'aa')), []);
  assert.deepEqual(said, []);
});

test('What cannot be shown is left out, and said once', () => {
  const cases: [ownFileSystem: boolean, arn: string, why: RegExp][] = [
    [true, arn('1'), /no folder stands for it: name one with --file-systems$/],
    [true, foreign, /in another account or region than the function$/],
    [false, arn('0'), /functions in the sandbox process have no mounts of their own$/],
  ];
  for (const [ownFileSystem, wanted, why] of cases) {
    const { said, fileSystems } = opened(ownFileSystem);
    for (let i = 0; i < 3; i++) assert.deepEqual(fileSystems.mountsOf(withFileSystem(wanted)), []);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', why);
  }
});
