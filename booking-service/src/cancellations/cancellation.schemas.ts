import { id, lineOfText } from '@flight-booking/contracts';
import { z } from 'zod';

/** `POST /api/bookings/:id/cancel`. */
export const cancelBookingRequest = z.strictObject({
  quote_id: id.optional().meta({ description: 'The quote that is confirmed; needed when something is kept' }),
  reason: lineOfText(1, 200).optional(),
});
