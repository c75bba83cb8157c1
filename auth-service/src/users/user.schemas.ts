import { emailAddress, id, instant, lineOfText } from '@flight-booking/contracts';
import { z } from 'zod';

/** Counted in code points, for that is what people would call characters. */
export const newPassword = z
  .string()
  .regex(/^[^\p{Cc}]{6,128}$/u, 'must have 6 to 128 characters and no control characters');

/** A password to be checked: it may be too short to ever be right, which is for the login to say. */
const givenPassword = z
  .string()
  .regex(/^[^\p{Cc}]{1,128}$/u, 'must have 1 to 128 characters and no control characters');

/** Body of a signup. */
export const signUpRequest = z.strictObject({
  name: lineOfText(1, 100),
  email: emailAddress,
  password: newPassword,
});

/** Body of a login. */
export const logInRequest = z.strictObject({ email: emailAddress, password: givenPassword });

/** The account of whoever asks. */
export const ownAccount = z.strictObject({
  user_id: id,
  name: z.string(),
  email: z.string(),
  role: z.enum(['customer', 'admin']),
  created_at: instant,
});
