import { createHmac } from 'node:crypto';

/** The header that carries the signature: `t=<unix seconds>,v1=<hex>[,v1=<hex>]`. */
export const SIGNATURE_HEADER = 'payment-signature';

/** The HMAC-SHA256 of the time, a dot and the bytes. */
export const digest = (secret: string, seconds: string, body: Buffer): Buffer =>
  createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();

/** As signatures tell the time. */
export const toSeconds = (instant: Date): number => Math.floor(instant.getTime() / 1_000);

/** The signature of a body that is sent now. */
export function sign(body: Buffer, secret: string, now: Date): string {
  const seconds = String(toSeconds(now));
  return `t=${seconds},v1=${digest(secret, seconds, body).toString('hex')}`;
}
