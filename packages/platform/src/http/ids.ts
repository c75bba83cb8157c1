import { z } from 'zod';

/** A database identity on the wire: a positive integer that a JSON number carries exactly. */
export const id = z.int().positive().max(Number.MAX_SAFE_INTEGER);

/** The same in a path or a query, where it arrives as text. */
export const idText = z
  .string()
  .max(16)
  .regex(/^[1-9]\d*$/, 'must be a positive whole number')
  .transform(Number)
  .pipe(id);
