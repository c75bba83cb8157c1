import type { z } from 'zod';
import type { User } from './user.js';
import type { ownAccount } from './user.schemas.js';

/** A user as they see themselves. */
export const toOwnAccountView = ({
  userId,
  name,
  email,
  role,
  createdAt,
}: User): z.input<typeof ownAccount> => ({
  user_id: userId,
  name,
  email,
  role,
  created_at: createdAt.toISOString(),
});
