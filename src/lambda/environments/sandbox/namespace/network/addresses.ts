/**
 * Who has which address. Every environment finds its doors at the same one, on its own loopback interface; the addresses
 * of the virtual cables come from one private range that all servers of this machine share: 1,024 for each.
 */
export const doorAddress = '169.254.100.1';
export const runtimeApiPort = 9001;

/** Unlikely to be somebody's network; a setting, since unlikely is not never. */
export const defaultNetwork = '10.213.0.0';

export const addressesPerInstance = 1_024;

export interface AddressRange {
  /** `10.213.4.0/22`. */
  readonly cidr: string;
  readonly netmask: string;
  /** This machine's address on the bridge. */
  readonly gateway: string;
  /** The address of the environment in a slot, counted from 0. */
  environment(slot: number): string;
}

export function addressRange(network: string, instance: number): AddressRange {
  const base = toNumber(network) + instance * addressesPerInstance;
  return {
    cidr: `${toText(base)}/22`,
    netmask: '255.255.252.0',
    gateway: toText(base + 1),
    environment: (slot) => toText(base + 2 + slot),
  };
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toText(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address / 2 ** shift) & 255).join('.');
}
