import { idText } from '@flight-booking/contracts';
import { z } from 'zod';

/** Path of the internal reservation routes. */
export const bookingParams = z.strictObject({ booking_id: idText });
