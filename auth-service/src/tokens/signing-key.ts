import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';

/** The public half of the signing key as a JSON Web Key (RFC 8037). */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

/** The key that access tokens are signed with. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicJwk: PublicJwk;
}

const SEED_LENGTH = 32;
/** The public key is the end of its SPKI form (RFC 8410, section 4). */
const PUBLIC_KEY_LENGTH = 32;
/** Separates this use of the secret from every other; the number changes if the derivation ever does. */
const PURPOSE = 'flight-booking/access-token-signing/1';
/** What PKCS #8 puts in front of the 32 bytes of an Ed25519 seed (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Derives the Ed25519 key by HKDF-SHA-256 (RFC 5869), so that every replica and every restart has the same
 * one without a key file.
 */
export function deriveSigningKey(secret: string): SigningKey {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, SEED_LENGTH));
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const x = spki.subarray(-PUBLIC_KEY_LENGTH).toString('base64url');
  return {
    privateKey,
    publicJwk: { kty: 'OKP', crv: 'Ed25519', x, kid: thumbprintOf(x), alg: 'EdDSA', use: 'sig' },
  };
}

/** JWK thumbprint (RFC 7638): the digest of the required members in alphabetical order. */
const thumbprintOf = (x: string): string =>
  createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
