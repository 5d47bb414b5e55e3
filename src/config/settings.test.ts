import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Machine, readSettings, SettingError, settingKeys, variableName } from './settings.ts';

const accessPoint = 'arn:aws:elasticfilesystem:us-east-1:000000000000:access-point/fsap-0123456789abcdef0';
const gigabyte = 1024 ** 3;
const machine = (env: Machine['env'] = {}): Machine => ({ env, home: '/people/ada', memoryBytes: 8 * gigabyte });

test('defaults need nothing and keep the server on this machine', () => {
  const settings = readSettings({}, machine());
  assert.equal(settings.port, 4566);
  assert.equal(settings.host, '127.0.0.1');
  assert.equal(settings.auth, 'open');
  assert.equal(settings.data, '/people/ada/.local/share/lambent');
  assert.equal(settings.memoryBudget, 6 * gigabyte);
});

test('the data folder follows XDG_DATA_HOME', () => {
  assert.equal(readSettings({}, machine({ XDG_DATA_HOME: '/data' })).data, '/data/lambent');
});

test('a flag wins over its variable, and that over the default', () => {
  const env = { LAMBENT_PORT: '5000', LAMBENT_REGION: 'eu-west-1' };
  const settings = readSettings({ port: '6000' }, machine(env));
  assert.equal(settings.port, 6000);
  assert.equal(settings.region, 'eu-west-1');
});

test('folders stand for access points, each with its ARN', () => {
  const other = accessPoint.replace(/0$/, '1');
  const { fileSystems } = readSettings({ 'file-systems': `${accessPoint}=/a=b,${other}=/c:d` }, machine());
  assert.deepEqual(
    [...fileSystems],
    [
      [accessPoint, '/a=b'],
      [other, '/c:d'],
    ],
  );
});

test('an empty variable counts as none', () => {
  assert.equal(readSettings({}, machine({ LAMBENT_PORT: '' })).port, 4566);
});

test('other addresses than loopback ask for signed requests by themselves', () => {
  for (const host of ['0.0.0.0', '192.0.2.1', '::', 'example.test', '127.0.0.1.example.test']) {
    assert.equal(readSettings({ host }, machine()).auth, 'signed', host);
  }
  for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) {
    assert.equal(readSettings({ host }, machine()).auth, 'open', host);
  }
});

test('an open server on the network needs a second word', () => {
  const flags = { host: '0.0.0.0', auth: 'open' };
  assert.throws(() => readSettings(flags, machine()), { source: 'combination', message: /--allow-open-network/ });
  assert.equal(readSettings({ ...flags, 'allow-open-network': true }, machine()).auth, 'open');
});

test('a wrong value is refused with its name and what was expected', () => {
  const wrong: [flag: string, value: string, expected: RegExp][] = [
    ['port', '65536', /--port "65536": expected a whole number from 0 to 65535/],
    ['port', '4e3', /whole number/],
    ['port', '', /whole number/],
    ['host', 'a b', /IP address or host name/],
    ['data', '', /path of a folder/],
    ['region', 'us-east', /as us-east-1/],
    ['auth', 'none', /one of auto, open, signed/],
    ['sandbox', 'docker', /one of auto, namespace, process/],
    ['memory-budget', '4', /as 512MB or 4GB/],
    ['memory-budget', '0GB', /as 512MB or 4GB/],
    ['file-systems', 'fsap-1=/data', /ARNs of EFS access points/],
    ['file-systems', `${accessPoint}=`, /ARNs of EFS access points/],
    ['file-systems', `${accessPoint}=/a,${accessPoint}=/b`, /ARNs of EFS access points/],
    ['network', '10.201.0.1/16', /as 10.213.0.0\/16/],
    ['network', '10.0.0.0/8', /network of 16 bits/],
    ['network', '300.0.0.0/16', /network of 16 bits/],
  ];
  for (const [flag, value, message] of wrong) {
    assert.throws(() => readSettings({ [flag]: value }, machine()), { name: 'SettingError', source: 'flag', message });
  }
});

test('a wrong variable is told from a wrong flag', () => {
  assert.throws(
    () => readSettings({}, machine({ LAMBENT_IDLE_MINUTES: 'long' })),
    (error) =>
      error instanceof SettingError && error.source === 'environment' && /LAMBENT_IDLE_MINUTES/.test(error.message),
  );
});

test('values with units and lists are read', () => {
  const settings = readSettings(
    { 'memory-budget': '512mb', 'python-directories': '/a:~/b:', network: '10.7.0.0/16' },
    machine(),
  );
  assert.equal(settings.memoryBudget, 512 * 1024 ** 2);
  assert.equal(settings.pythonDirectories.length, 2);
  assert.equal(settings.pythonDirectories[0], '/a');
  assert.equal(settings.network, '10.7.0.0');
});

test('every setting has a variable of its own', () => {
  const names = settingKeys().map(variableName);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.every((name) => /^LAMBENT_[A-Z_]+$/.test(name)));
});
