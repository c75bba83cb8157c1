import { UserMismatch } from './auth.errors.js';

/** What a user may do. */
export type Role = 'customer' | 'admin';

/** A person with an account, as the token tells. */
export interface UserPrincipal {
  readonly kind: 'user';
  readonly userId: number;
  readonly role: Role;
  readonly name: string;
  readonly email: string;
}

/** Another service of the platform. */
export interface ServicePrincipal {
  readonly kind: 'service';
  readonly clientId: string;
}

/** Whoever a token was issued to. */
export type Principal = UserPrincipal | ServicePrincipal;

/**
 * The user that a request acts for: the token's own.
 * @throws UserMismatch when the request names another
 */
export function actingUser(principal: UserPrincipal, claimedUserId: number | undefined): number {
  if (claimedUserId !== undefined && claimedUserId !== principal.userId) throw new UserMismatch();
  return principal.userId;
}
