import { z } from 'zod';

const MAX_CREDENTIAL_LENGTH = 200;

/** The request of RFC 6749, section 4.4.2, as JSON. */
export const tokenRequest = z.strictObject({
  grant_type: z.literal('client_credentials'),
  client_id: z.string().min(1).max(MAX_CREDENTIAL_LENGTH),
  client_secret: z.string().min(1).max(MAX_CREDENTIAL_LENGTH),
});

/** The answer of RFC 6749, section 4.4.3. */
export const tokenAnswer = z.strictObject({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int().positive(),
});

/** A JSON Web Key Set with the keys that access tokens are verified with. */
export const keySet = z.strictObject({
  keys: z.array(
    z.strictObject({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: z.string(),
      kid: z.string(),
      alg: z.literal('EdDSA'),
      use: z.literal('sig'),
    }),
  ),
});
