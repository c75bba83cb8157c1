import { createHash, timingSafeEqual } from 'node:crypto';
import { secret } from '@flight-booking/platform';
import { z } from 'zod';
import { WrongClientCredentials } from './token.errors.js';

/** Secrets of the services that may ask for tokens, by client id. */
export type ClientSecrets = ReadonlyMap<string, string>;

const client = z.tuple([
  z.string().regex(/^[\w-]+$/, 'must name clients by letters, digits and dashes'),
  secret,
]);

/** `id:secret` pairs separated by commas, as configuration has them. */
export const serviceClients = z
  .string()
  .transform((text) => text.split(',').map((pair) => splitAtColon(pair.trim())))
  .pipe(z.array(client).min(1))
  .refine((clients) => new Set(clients.map(([id]) => id)).size === clients.length, {
    error: 'must not name a client twice',
  })
  .transform((clients): ClientSecrets => new Map(clients));

function splitAtColon(pair: string): string[] {
  const colon = pair.indexOf(':');
  return colon < 0 ? [pair, ''] : [pair.slice(0, colon), pair.slice(colon + 1)];
}

const NOBODYS_SECRET = '';

/** The services that may ask for tokens. */
export class ServiceClients {
  constructor(private readonly secrets: ClientSecrets) {}

  /**
   * Takes the same time for an unknown client, a wrong secret and a right one.
   * @throws WrongClientCredentials
   */
  authenticate(clientId: string, clientSecret: string): void {
    const expected = this.secrets.get(clientId);
    const matches = timingSafeEqual(digestOf(expected ?? NOBODYS_SECRET), digestOf(clientSecret));
    if (expected === undefined || !matches) throw new WrongClientCredentials();
  }
}

/** Digests have one length, which the comparison needs. */
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
