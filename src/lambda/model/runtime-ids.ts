/** Runtime identifiers: which AWS knows, and which AWS refuses by now (reference: lambda-semantics 3.8). */
import type { Runtime } from '@aws-sdk/client-lambda';
import { invalidParameterValue } from './errors.ts';

const standings = {
  dotnet10: 'open',
  dotnet6: 'open',
  dotnet8: 'open',
  'dotnetcore1.0': 'removed',
  'dotnetcore2.0': 'removed',
  'dotnetcore2.1': 'removed',
  'dotnetcore3.1': 'removed',
  'go1.x': 'removed',
  java11: 'open',
  'java11.al2023': 'open',
  java17: 'open',
  'java17.al2023': 'open',
  java21: 'open',
  java25: 'open',
  java8: 'removed',
  'java8.al2': 'open',
  'java8.al2023': 'open',
  nodejs: 'removed',
  'nodejs10.x': 'removed',
  'nodejs12.x': 'removed',
  'nodejs14.x': 'removed',
  'nodejs16.x': 'open',
  'nodejs18.x': 'open',
  'nodejs20.x': 'open',
  'nodejs22.x': 'open',
  'nodejs24.x': 'open',
  'nodejs26.x': 'open',
  'nodejs4.3': 'removed',
  'nodejs4.3-edge': 'removed',
  'nodejs6.10': 'removed',
  'nodejs8.10': 'removed',
  provided: 'removed',
  'provided.al2': 'open',
  'provided.al2023': 'open',
  'python2.7': 'removed',
  'python3.10': 'open',
  'python3.11': 'open',
  'python3.12': 'open',
  'python3.13': 'open',
  'python3.14': 'open',
  'python3.15': 'open',
  'python3.6': 'removed',
  'python3.7': 'removed',
  'python3.8': 'open',
  'python3.9': 'open',
  'ruby2.5': 'removed',
  'ruby2.7': 'removed',
  'ruby3.2': 'open',
  'ruby3.3': 'open',
  'ruby3.4': 'open',
  'ruby4.0': 'open',
} as const satisfies Record<Runtime, 'open' | 'removed'>;

export function isRuntimeId(id: string): id is Runtime {
  return Object.hasOwn(standings, id);
}

/** Throws AWS's error for an identifier that is unknown or that AWS no longer takes. */
export function checkRuntimeId(id: string): Runtime {
  if (!isRuntimeId(id)) {
    throw invalidParameterValue(
      `Value ${id} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${Object.keys(standings).join(', ')}] or be a valid ARN`,
    );
  }
  if (standings[id] === 'removed') {
    throw invalidParameterValue(
      `The runtime parameter of ${id} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
    );
  }
  return id;
}
