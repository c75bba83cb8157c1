import { id } from '@flight-booking/contracts';
import { z } from 'zod';

/** Header of every answer that carries a token or says who somebody is. */
export const NO_STORE = { 'cache-control': 'no-store' } as const;

/** Body that names a session by its refresh token. */
export const refreshTokenRequest = z.strictObject({
  refresh_token: z.string().regex(/^[\w-]{20,100}$/, 'must be a refresh token'),
});

/** What a customer gets by signing in. `expires_in` is in seconds and about `token`. */
export const sessionTokens = z.strictObject({
  userId: id,
  token: z.string(),
  refresh_token: z.string(),
  expires_in: z.int().positive(),
});
