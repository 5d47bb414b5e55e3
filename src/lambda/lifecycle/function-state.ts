/**
 * A function's states, and what moves it from one to the next (reference: lambda-semantics 1.4 and 1.7).
 *
 *     create ─► creating ──ready──► settled ◄──ready── updating
 *                  │                 │  ▲                 ▲  │
 *                failed            update │ failed (the old snapshot serves on)
 *                  ▼                 └────┼───────────────┘  │
 *               unusable ──update──► creating                ┘
 *
 * Every step gives `latest` a new revision id; only a change of code or configuration gives it a new snapshot id.
 */
import type {
  CodeReference,
  FunctionConfiguration,
  FunctionRecord,
  FunctionVersion,
  ReasonCode,
  Stated,
} from '../model/function.ts';

export type FunctionPhase =
  /** Created or created anew, not ready: nothing answers. */
  | 'creating'
  /** Ready, whether or not the last update failed. */
  | 'settled'
  /** An update is being made ready; the snapshot before it answers. */
  | 'updating'
  /** The creation failed: nothing answers until an update mends it. */
  | 'unusable';

export type FunctionEvent =
  | {
      readonly kind: 'update';
      /** Of the new snapshot. */
      readonly id: string;
      readonly revisionId: string;
      readonly configuration: FunctionConfiguration;
      readonly code: CodeReference;
      /** The version that is published along. */
      readonly publishing?: string;
    }
  | { readonly kind: 'tag'; readonly revisionId: string; readonly tags: Readonly<Record<string, string>> }
  | { readonly kind: 'publish'; readonly revisionId: string }
  | { readonly kind: 'ready'; readonly revisionId: string }
  | {
      readonly kind: 'failed';
      readonly revisionId: string;
      readonly reason: string;
      readonly reasonCode: ReasonCode;
    };

/** AWS says "created" for an update too. */
export const underWay = { reason: 'The function is being created.', reasonCode: 'Creating' } as const;

export interface NewFunction {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly id: string;
  readonly revisionId: string;
  readonly configuration: FunctionConfiguration;
  readonly code: CodeReference;
  readonly tags: Readonly<Record<string, string>>;
}

export function created(parts: NewFunction, now: number): FunctionRecord {
  const { accountId, region, name, id, revisionId, configuration, code, tags } = parts;
  const latest: FunctionVersion = {
    id,
    accountId,
    region,
    name,
    version: '$LATEST',
    configuration,
    code,
    revisionId,
    lastModified: now,
    state: { value: 'Pending', ...underWay },
  };
  return { accountId, region, name, latest, tags, createdAt: now };
}

export function phaseOf({ latest }: FunctionRecord): FunctionPhase {
  switch (latest.state.value) {
    case 'Pending':
      return 'creating';
    case 'Failed':
      return 'unusable';
    case 'Active':
    case 'Inactive':
      return latest.lastUpdateStatus?.value === 'InProgress' ? 'updating' : 'settled';
  }
}

/** The record after the event, or `refused` when it cannot happen in this phase. */
export function advance(record: FunctionRecord, event: FunctionEvent, now: number): FunctionRecord | 'refused' {
  const phase = phaseOf(record);
  const idle = phase === 'settled' || phase === 'unusable';
  switch (event.kind) {
    case 'update':
      return idle ? updated(record, event, phase, now) : 'refused';
    case 'tag':
      return idle ? { ...revised(record, event.revisionId), tags: event.tags } : 'refused';
    case 'publish':
      return phase === 'settled' ? revised(record, event.revisionId) : 'refused';
    case 'ready':
      return idle ? 'refused' : ready(record, event.revisionId);
    case 'failed':
      return idle ? 'refused' : failed(record, event, phase);
  }
}

type Of<Kind extends FunctionEvent['kind']> = Extract<FunctionEvent, { kind: Kind }>;

function updated(record: FunctionRecord, event: Of<'update'>, phase: FunctionPhase, now: number): FunctionRecord {
  const { id, revisionId, configuration, code, publishing } = event;
  const state: FunctionVersion['state'] =
    phase === 'unusable' ? { value: 'Pending', ...underWay } : record.latest.state;
  const lastUpdateStatus: FunctionVersion['lastUpdateStatus'] = { value: 'InProgress', ...underWay };
  const latest = { ...record.latest, id, revisionId, configuration, code, lastModified: now, state, lastUpdateStatus };
  return { ...record, latest, publishing };
}

function revised(record: FunctionRecord, revisionId: string): FunctionRecord {
  return { ...record, latest: { ...record.latest, revisionId } };
}

function ready(record: FunctionRecord, revisionId: string): FunctionRecord {
  const latest: FunctionVersion = {
    ...record.latest,
    revisionId,
    state: { value: 'Active' },
    lastUpdateStatus: { value: 'Successful' },
  };
  return { ...record, latest, serving: latest, publishing: undefined };
}

function failed(record: FunctionRecord, event: Of<'failed'>, phase: FunctionPhase): FunctionRecord {
  const { revisionId, reason, reasonCode } = event;
  const cause = { reason, reasonCode };
  const lastUpdateStatus: Stated<'Failed'> = { value: 'Failed', ...cause };
  const state: FunctionVersion['state'] = phase === 'creating' ? { value: 'Failed', ...cause } : record.latest.state;
  return { ...record, latest: { ...record.latest, revisionId, state, lastUpdateStatus }, publishing: undefined };
}
