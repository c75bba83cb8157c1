import type { Role } from '@flight-booking/platform';

/** Somebody who can sign in. */
export interface User {
  readonly userId: number;
  readonly name: string;
  /** Folded to lower case. */
  readonly email: string;
  readonly role: Role;
  readonly createdAt: Date;
}

/** A user with what proves that it is them. */
export interface UserWithPassword extends User {
  readonly passwordHash: string;
}

/** A user who does not exist yet. */
export interface NewUser {
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly role: Role;
}
