/** How the text of a flag or variable becomes a setting's value, and what to say when it does not. */

import { isIPv4 } from 'node:net';
import { homedir } from 'node:os';
import { resolve } from 'node:path';

export interface Kind<T> {
  /** Stands for the value in help, as `DIR`; empty for a switch, which takes none. */
  readonly placeholder: string;
  /** Completes the sentence "expected …". */
  readonly expected: string;
  /** The value, or undefined when the text is not of this kind. */
  parse(text: string): T | undefined;
  show(value: T): string;
}

export const text = (placeholder: string, pattern: RegExp, expected: string): Kind<string> => ({
  placeholder,
  expected,
  parse: (given) => (pattern.test(given) ? given : undefined),
  show: (value) => value,
});

export const whole = (range: { min: number; max: number }): Kind<number> => ({
  placeholder: 'N',
  expected: `a whole number from ${range.min} to ${range.max}`,
  parse(given) {
    if (!/^\d{1,15}$/.test(given)) return undefined;
    const value = Number(given);
    return value >= range.min && value <= range.max ? value : undefined;
  },
  show: String,
});

export const choice = <const C extends string>(...choices: readonly C[]): Kind<C> => ({
  placeholder: choices.join('|'),
  expected: `one of ${choices.join(', ')}`,
  parse: (given) => choices.find((one) => one === given),
  show: (value) => value,
});

/** On a command line its presence says yes; in a variable, `1` or `true`. */
export const onOff: Kind<boolean> = {
  placeholder: '',
  expected: '1, true, 0 or false',
  parse: (given) => (/^(1|true)$/.test(given) ? true : /^(0|false)$/.test(given) ? false : undefined),
  show: (value) => (value ? 'on' : 'off'),
};

export const folder: Kind<string> = {
  placeholder: 'DIR',
  expected: 'the path of a folder',
  parse: absolutePath,
  show: (value) => value,
};

export const file: Kind<string> = {
  placeholder: 'FILE',
  expected: 'the path of a file',
  parse: absolutePath,
  show: (value) => value,
};

export const folders: Kind<readonly string[]> = {
  placeholder: 'DIR[:DIR…]',
  expected: 'paths of folders with a colon between them',
  parse(given) {
    const paths = given
      .split(':')
      .filter((path) => path !== '')
      .map(absolutePath);
    return paths.every((path) => path !== undefined) ? paths : undefined;
  },
  show: (value) => (value.length === 0 ? 'none' : value.join(':')),
};

const queueEndpoint = /^(\d{12})=(https?:\/\/[^\s,]+)$/;

/** By account, each once. */
export const endpoints: Kind<ReadonlyMap<string, string>> = {
  placeholder: 'ACCOUNT=URL[,ACCOUNT=URL…]',
  expected: 'account numbers, each with the URL of a server, as 123456789012=https://sqs.{region}.amazonaws.com',
  parse(given) {
    const found = new Map<string, string>();
    for (const pair of given.split(',')) {
      const [, account, url] = queueEndpoint.exec(pair) ?? [];
      if (account === undefined || url === undefined || found.has(account)) return undefined;
      if (!URL.canParse(url.replaceAll('{region}', 'us-east-1'))) return undefined;
      found.set(account, url);
    }
    return found;
  },
  show: (value) => (value.size === 0 ? 'none' : [...value].map((pair) => pair.join('=')).join(',')),
};

const accessPoint = /^arn:aws[a-zA-Z-]*:elasticfilesystem:[a-z0-9-]+:\d{12}:access-point\/fsap-[a-f0-9]{17}$/;

/** Each once; a path cannot have a comma. */
export const fileSystems: Kind<ReadonlyMap<string, string>> = {
  placeholder: 'ARN=DIR[,ARN=DIR…]',
  expected: 'ARNs of EFS access points, each with the path of a folder, as arn:aws:elasticfilesystem:…/fsap-…=/data',
  parse(given) {
    const pairs = given.split(',').map((pair): [string, string | undefined] => {
      const equals = pair.indexOf('=');
      return [pair.slice(0, equals), absolutePath(pair.slice(equals + 1))];
    });
    const found = new Map<string, string>();
    for (const [arn, path] of pairs) {
      if (!accessPoint.test(arn) || path === undefined || found.has(arn)) return undefined;
      found.set(arn, path);
    }
    return found;
  },
  show: (value) => (value.size === 0 ? 'none' : [...value].map((pair) => pair.join('=')).join(',')),
};

export const amounts: Kind<readonly number[]> = {
  placeholder: 'DOLLARS[,DOLLARS…]',
  expected: 'amounts of dollars, as 5.00 or 5,20.50',
  parse(given) {
    const texts = given.split(',');
    if (!texts.every((each) => /^\d{1,9}(\.\d{1,6})?$/.test(each) && Number(each) > 0)) return undefined;
    return [...new Set(texts.map(Number))].sort((a, b) => a - b);
  },
  show: (value) => (value.length === 0 ? 'none' : value.join(',')),
};

const unitBytes = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 } as const;

export const size: Kind<number> = {
  placeholder: 'SIZE',
  expected: 'a size with its unit, as 512MB or 4GB',
  parse(given) {
    const [, amount, unit] = /^(\d{1,9})\s?(KB|MB|GB|TB)$/i.exec(given) ?? [];
    const bytes = Object.entries(unitBytes).find(([name]) => name === unit?.toUpperCase())?.[1];
    return amount === undefined || bytes === undefined || Number(amount) === 0 ? undefined : Number(amount) * bytes;
  },
  show: (value) => (value >= unitBytes.GB ? `${round(value / unitBytes.GB)}GB` : `${round(value / unitBytes.MB)}MB`),
};

/** The first address of an IPv4 network of 16 bits; written with its length, so that nobody mistakes what it takes. */
export const network: Kind<string> = {
  placeholder: 'CIDR',
  expected: 'an IPv4 network of 16 bits, as 10.213.0.0/16',
  parse(given) {
    const address = given.endsWith('.0.0/16') ? given.slice(0, -'/16'.length) : '';
    return isIPv4(address) ? address : undefined;
  },
  show: (value) => `${value}/16`,
};

function absolutePath(given: string): string | undefined {
  if (given === '' || given.includes('\0')) return undefined;
  return resolve(given.replace(/^~(?=\/|$)/, homedir()));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
