/** How AWS says no to extensions (reference: lambda-semantics 3.2). */
import type { Refusal } from '../runtime-api/session.ts';
import { extensionsMax } from './extension.ts';

function forbidden(errorType: string, errorMessage: string): Refusal {
  return { status: 403, errorType: `Extension.${errorType}`, errorMessage };
}

export const emptyName = forbidden('InvalidExtensionName', 'Empty extension name');
export const registrationClosed = forbidden('RegistrationClosed', 'Extension registration closed already');
export const tooMany = forbidden('TooManyExtensions', `Extension limit (${extensionsMax}) reached`);
export const missingIdentifier = forbidden('MissingExtensionIdentifier', 'Missing Lambda-Extension-Identifier header');
export const invalidIdentifier = forbidden('InvalidExtensionIdentifier', 'Invalid Lambda-Extension-Identifier');
export const missingErrorType = forbidden('MissingHeader', 'Missing Lambda-Extension-Function-Error-Type header');
export const invalidFormat: Refusal = {
  status: 400,
  errorType: 'InvalidRequestFormat',
  errorMessage: 'The body must be JSON as {"events":["INVOKE","SHUTDOWN"]}',
};

export function unknownIdentifier(identifier: string): Refusal {
  return forbidden('UnknownExtensionIdentifier', `Unknown extension ${identifier}`);
}

export function subscriptionClosed(api: 'telemetry' | 'logs'): Refusal {
  const [errorType, errorMessage] =
    api === 'telemetry'
      ? ['Telemetry.SubscriptionClosed', 'Telemetry API subscription is closed already']
      : ['Logs.SubscriptionClosed', 'Logs API subscription is closed already'];
  return { status: 403, errorType, errorMessage };
}

export function invalidEventType(message: string): Refusal {
  return forbidden('InvalidEventType', message);
}

export function invalidState(from: string, to: string): Refusal {
  return forbidden(
    'InvalidExtensionState',
    `State transition from ${from} to ${to} failed for extension. Error: State transition is not allowed`,
  );
}
