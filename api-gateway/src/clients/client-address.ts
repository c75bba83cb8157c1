import { BlockList, isIP } from 'node:net';
import type { Socket } from 'node:net';

const MAPPED_IPV4 = '::ffff:';
/** What a socket that has closed already gives for its peer. */
const UNKNOWN = 'unknown';

/** Finds out which address a request comes from, through the proxies that are trusted and no further. */
export class ClientAddresses {
  private readonly trusted = new BlockList();
  private readonly trustsAny: boolean;

  /** @param proxies addresses and networks, such as `10.0.0.0/8` */
  constructor(proxies: readonly string[]) {
    this.trustsAny = proxies.length > 0;
    for (const proxy of proxies) {
      const [address = '', bits] = proxy.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (bits === undefined) this.trusted.addAddress(address, family);
      else this.trusted.addSubnet(address, Number(bits), family);
    }
  }

  /** The address of whoever is connected. */
  peerOf(socket: Socket): string {
    const address = socket.remoteAddress ?? UNKNOWN;
    return address.startsWith(MAPPED_IPV4) ? address.slice(MAPPED_IPV4.length) : address;
  }

  /** Whether what a peer says about the client is believed. */
  isTrusted(address: string): boolean {
    if (!this.trustsAny) return false;
    const family = isIP(address);
    return family !== 0 && this.trusted.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }

  /** The nearest address that is no trusted proxy: each proxy adds its own peer at the end. */
  clientOf(peer: string, forwardedFor: string | undefined): string {
    if (forwardedFor === undefined || !this.isTrusted(peer)) return peer;
    const hops = forwardedFor.split(',').map((hop) => hop.trim());
    let client = peer;
    for (const hop of hops.toReversed()) {
      if (isIP(hop) === 0) break;
      client = hop;
      if (!this.isTrusted(hop)) break;
    }
    return client;
  }
}

const GROUPS_OF_A_NETWORK = 4;
const GROUPS = 8;

/** What is counted as one client: an IPv4 address, or the /64 network that one IPv6 customer has to himself. */
export function limitKeyOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  if (tail === undefined) return first.slice(0, GROUPS_OF_A_NETWORK).join(':');
  const last = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, GROUPS - first.length - last.length) }, () => '0');
  return [...first, ...zeros, ...last].slice(0, GROUPS_OF_A_NETWORK).join(':');
}
