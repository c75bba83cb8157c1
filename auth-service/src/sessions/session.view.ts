import type { z } from 'zod';
import type { sessionTokens } from './session.schemas.js';
import type { SessionTokens } from './session.service.js';

/** Session tokens as they go over the wire. */
export const toSessionTokensView = (tokens: SessionTokens): z.input<typeof sessionTokens> => ({
  userId: tokens.userId,
  token: tokens.accessToken,
  refresh_token: tokens.refreshToken,
  expires_in: tokens.expiresInSeconds,
});
