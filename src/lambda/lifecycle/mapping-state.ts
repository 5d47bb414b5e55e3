/**
 * A mapping's states, and what moves it from one to the next (reference: lambda-semantics 5.1).
 *
 *     create ─► Creating ──────settled──┬──► Enabled ──┐
 *                                       └──► Disabled ─┤
 *                                            ▲         │ update, delete
 *     Updating, Enabling, Disabling ─settled─┘ ◄───────┘
 *     Deleting ─────────────────────settled──► gone
 *
 * While something is under way, nothing else is taken. Every step gives the mapping a new revision id.
 */
import type { Mapping, MappingConfiguration, MappingState } from '../model/mapping/mapping.ts';
import type { Tags } from '../model/tags.ts';

export type MappingEvent =
  | {
      readonly kind: 'update';
      readonly revisionId: string;
      readonly functionName: string;
      readonly qualifier?: string;
      readonly enabled: boolean;
      readonly configuration: MappingConfiguration;
    }
  | { readonly kind: 'delete'; readonly revisionId: string }
  | { readonly kind: 'tag'; readonly revisionId: string; readonly tags: Tags }
  /** What should be, is; a hindrance is what keeps the source from being read all the same. */
  | { readonly kind: 'settled'; readonly revisionId: string; readonly hindrance?: string };

export function createdMapping(parts: Omit<Mapping, 'state' | 'lastModified'>, now: number): Mapping {
  return { ...parts, state: 'Creating', lastModified: now };
}

export function isUnderWay({ state }: Pick<Mapping, 'state'>): boolean {
  return state !== 'Enabled' && state !== 'Disabled';
}

/** The mapping after the event, `gone`, or `refused` when it cannot happen in this state. */
export function advanceMapping(mapping: Mapping, event: MappingEvent, now: number): Mapping | 'gone' | 'refused' {
  const underWay = isUnderWay(mapping);
  const { revisionId } = event;
  switch (event.kind) {
    case 'update': {
      if (underWay) return 'refused';
      const { kind: _, ...changes } = event;
      const state = stateOfUpdate(mapping.enabled, event.enabled);
      return { ...mapping, qualifier: undefined, ...changes, state, lastModified: now };
    }
    case 'delete':
      return underWay ? 'refused' : { ...mapping, revisionId, state: 'Deleting', lastModified: now };
    case 'tag':
      return mapping.state === 'Deleting' ? 'refused' : { ...mapping, revisionId, tags: event.tags };
    case 'settled':
      return underWay ? settled(mapping, event, now) : 'refused';
  }
}

function stateOfUpdate(before: boolean, after: boolean): MappingState {
  if (before === after) return 'Updating';
  return after ? 'Enabling' : 'Disabling';
}

type Settled = Extract<MappingEvent, { kind: 'settled' }>;

function settled(mapping: Mapping, { revisionId, hindrance }: Settled, now: number): Mapping | 'gone' {
  if (mapping.state === 'Deleting') return 'gone';
  return { ...mapping, revisionId, hindrance, state: mapping.enabled ? 'Enabled' : 'Disabled', lastModified: now };
}
