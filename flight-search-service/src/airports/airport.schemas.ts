import { lineOfText } from '@flight-booking/contracts';
import { z } from 'zod';

const MAX_TEXT_LENGTH = 50;
const MAX_LIMIT = 50;
const DEFAULT_LIMIT = 10;

/** Query of `GET /api/airports`. */
export const airportsQuery = z.strictObject({
  q: lineOfText(0, MAX_TEXT_LENGTH).default('').meta({ description: 'Part of a code, city or name' }),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(1).max(MAX_LIMIT))
    .default(DEFAULT_LIMIT),
});

/** Answer of `GET /api/airports`. */
export const airportsAnswer = z.strictObject({
  airports: z.array(
    z.strictObject({
      code: z.string(),
      name: z.string(),
      city: z.string(),
      country: z.string(),
      time_zone: z.string(),
    }),
  ),
});
