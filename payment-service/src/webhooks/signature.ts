import { timingSafeEqual } from 'node:crypto';
import { digest, toSeconds } from '../provider/webhook-signature.js';
import { InvalidSignature, StaleSignature } from './webhook.errors.js';

/** How far the time of a signature may be from ours, either way. */
const TOLERANCE_S = 300;
/** One for each secret that may be live while secrets are changed. */
const MAX_SIGNATURES = 2;
const FORM = /^t=(\d{1,12})((?:,v1=[0-9a-f]{64})+)$/;

/**
 * Lets a body pass whose sender knew one of the secrets, and signed it a few minutes ago at most. The signature is
 * compared first, so that a forger learns nothing of our clock, and every pair is compared, so that the time taken
 * tells nothing of which one was right.
 * @param signature the header
 * @throws InvalidSignature | StaleSignature
 */
export function verifySignature(
  body: Buffer,
  signature: string | undefined,
  secrets: readonly string[],
  now: Date,
): void {
  const [, seconds, list] = FORM.exec(signature ?? '') ?? [];
  if (seconds === undefined || list === undefined) throw new InvalidSignature();
  const given = list.split(',v1=').slice(1);
  if (given.length > MAX_SIGNATURES) throw new InvalidSignature();
  const pairs = secrets.flatMap((secret) => {
    const expected = digest(secret, seconds, body);
    return given.map((hex) => timingSafeEqual(expected, Buffer.from(hex, 'hex')));
  });
  if (!pairs.includes(true)) throw new InvalidSignature();
  if (Math.abs(toSeconds(now) - Number(seconds)) > TOLERANCE_S) throw new StaleSignature();
}
