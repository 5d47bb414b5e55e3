/** The one face of event sources to the rest: what is read for which mapping, and what came of it. */
import type { Mapping, SourceKind } from '../model/mapping/mapping.ts';
import { sourceRules } from '../model/mapping/source-rules.ts';

/** How records of one kind of source are read. None is there yet: every mapping is kept, and says so. */
export class EventSources {
  /** From now on as the mapping says; answers what keeps it from that, if anything. */
  start({ source }: Mapping): string | undefined {
    return notRead(source);
  }

  async stop(_uuid: string): Promise<void> {}

  lastResult(_uuid: string): string | undefined {
    return undefined;
  }

  async check(_mapping: Mapping, _functionTimeoutSeconds: number): Promise<void> {}
}

function notRead(source: SourceKind): string {
  return `The event source mapping is kept, and nothing is read: this server does not read from ${sourceRules[source].label} yet`;
}
