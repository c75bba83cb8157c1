import { bookingCancelled } from '@flight-booking/contracts';
import { consume, type EventConsumer } from '@flight-booking/platform';
import type { CancellationService } from './cancellation.service.js';

/** A booking was cancelled: its ticket is worth nothing any more. From booking-service. */
export const bookingCancelledConsumer = (cancellations: CancellationService): EventConsumer =>
  consume(bookingCancelled, (tx, data, { time }) =>
    cancellations.cancel(tx, data.booking_id, new Date(time), {
      amountPaise: data.amount_paise,
      lines: data.refund_lines,
    }),
  );
