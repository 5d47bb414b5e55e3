import { type Address, type Parcel, type Target, Undeliverable } from '../../delivery/parcel.ts';
import { asyncPayloadBytesMax } from '../model/limits.ts';
import { type AcceptParts, acceptEvents, NotAcceptedError, refusalOf } from './accept.ts';

/** Functions as targets of deliveries: what is accepted is an asynchronous event, as by InvocationType=Event. */
export function functionTarget(parts: AcceptParts): Target {
  const accept = acceptEvents(parts);
  return {
    refusal(address) {
      const why = refusalOf(parts, invocationOf(address));
      return why === undefined ? undefined : new Undeliverable('AccessDeniedException', why);
    },
    async accept(parcel) {
      const payload = Buffer.from(parcel.body);
      if (payload.byteLength > asyncPayloadBytesMax) throw tooLarge(payload.byteLength);
      try {
        await accept({ ...invocationOf(parcel), payload, traceHeader: parcel.traceHeader });
      } catch (error) {
        if (error instanceof NotAcceptedError) throw new Undeliverable('AccessDeniedException', error.message);
        throw error;
      }
    },
  };
}

function invocationOf({ target, source }: Address | Parcel) {
  return { functionArn: target, service: source.service, sourceArn: source.arn, sourceAccount: source.accountId };
}

function tooLarge(bytes: number): Undeliverable {
  return new Undeliverable('RequestTooLargeException', `${bytes} bytes are too many for an asynchronous event`);
}
