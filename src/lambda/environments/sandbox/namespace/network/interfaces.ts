/** Addresses, flags and routes of network interfaces by the classic `ioctl`s: no process to start for any of them. */
import { type Libc, socketAddress } from '../libc.ts';

const SIOCADDRT = 0x890b;
const SIOCGIFFLAGS = 0x8913;
const SIOCSIFFLAGS = 0x8914;
const SIOCSIFADDR = 0x8916;
const SIOCSIFNETMASK = 0x891c;
const IFF_UP = 1;
const RTF_UP_GATEWAY = 1 | 2;

/** `struct ifreq`: 16 bytes of name, 24 of value. */
function request(name: string, value: Uint8Array = new Uint8Array()): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.write(name, 0, 15, 'latin1');
  bytes.set(value, 16);
  return bytes;
}

export function setAddress(libc: Libc, name: string, address: string, netmask: string): void {
  libc.configureNetwork(`give ${name} the address ${address}`, SIOCSIFADDR, request(name, socketAddress(address)));
  libc.configureNetwork(`give ${name} the mask ${netmask}`, SIOCSIFNETMASK, request(name, socketAddress(netmask)));
}

export function setUp(libc: Libc, name: string): void {
  const interfaceRequest = request(name);
  libc.configureNetwork(`read the flags of ${name}`, SIOCGIFFLAGS, interfaceRequest);
  interfaceRequest.writeUInt16LE(interfaceRequest.readUInt16LE(16) | IFF_UP, 16);
  libc.configureNetwork(`bring ${name} up`, SIOCSIFFLAGS, interfaceRequest);
}

/** `struct rtentry` on 64-bit machines: destination, gateway and mask at 8, 24 and 40, flags at 56. */
export function setDefaultRoute(libc: Libc, gateway: string): void {
  const route = Buffer.alloc(120);
  route.set(socketAddress('0.0.0.0'), 8);
  route.set(socketAddress(gateway), 24);
  route.set(socketAddress('0.0.0.0'), 40);
  route.writeUInt16LE(RTF_UP_GATEWAY, 56);
  libc.configureNetwork(`route everything by ${gateway}`, SIOCADDRT, route);
}
