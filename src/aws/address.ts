/**
 * The address of something that has a host name of its own on this server, under the name that the caller used for the
 * server: an address of numbers has no names under it, `localhost` has.
 */
export function addressOf(endpoint: string, label: string): string {
  const { protocol, hostname, port } = new URL(endpoint);
  const named = /[a-z]/i.test(hostname) && !hostname.startsWith('[');
  return `${protocol}//${label}.${named ? hostname : 'localhost'}${port === '' ? '' : `:${port}`}`;
}
