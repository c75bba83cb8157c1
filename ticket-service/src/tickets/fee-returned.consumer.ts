import { bookingFeeReturned } from '@flight-booking/contracts';
import { consume, type EventConsumer } from '@flight-booking/platform';
import type { CancellationService } from './cancellation.service.js';

/** The fee that a cancellation had kept goes back. From booking-service. */
export const feeReturnedConsumer = (cancellations: CancellationService): EventConsumer =>
  consume(bookingFeeReturned, (tx, data, { time }) =>
    cancellations.returnFee(tx, data.booking_id, new Date(time), {
      amountPaise: data.amount_paise,
      lines: data.refund_lines,
    }),
  );
