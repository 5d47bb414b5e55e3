import type { AlarmKey } from '../../../store/metrics/alarm-store.ts';

/** What an action is told, in the form that its kind of target takes. */
export interface AlarmMessage {
  readonly subject: string;
  /** JSON text, for a topic. */
  readonly notification: string;
  /** JSON text, for a function. */
  readonly event: string;
}

/** Takes what alarms do to where it belongs; the composition wires it to topics and functions. */
export interface AlarmActions {
  /** Whether an action of this kind can be done here. */
  knows(actionArn: string): boolean;
  /** Resolves once the message has been accepted for delivery; rejects when it cannot be. */
  perform(actionArn: string, message: AlarmMessage, alarm: AlarmKey & { readonly arn: string }): Promise<void>;
}
