import { paiseToRupees } from '@flight-booking/contracts';
import type { Clock, DomainError, IdempotencyClaim } from '@flight-booking/platform';
import type { BookingClient } from '../bookings/booking.client.js';
import type { ChargeAttempt, ChargeService } from './charge.service.js';
import type { ConfirmationService } from './confirmation.service.js';
import { requirePayable } from './payable-booking.js';
import type { RefusalReason } from '../payments/payment.js';
import {
  AlreadyPaid,
  BookingCancelled,
  BookingExpired,
  BookingNotPayable,
  CapturedAmountDiffers,
  PaymentDeclined,
} from './checkout.errors.js';
import type { PaymentReader, PaymentWithRefunds } from './payment-reader.js';

/** A customer pays for a booking and waits for the outcome. */
export class CheckoutService {
  constructor(
    private readonly bookings: BookingClient,
    private readonly charges: ChargeService,
    private readonly confirmations: ConfirmationService,
    private readonly reader: PaymentReader,
    private readonly clock: Clock,
  ) {}

  /**
   * Charges the customer and confirms the booking. The answer is a payment that SUCCEEDED, or one that is
   * PROCESSING because the provider has not said yet what became of it. Unless this request confirmed the booking
   * it is read back at the end, because a job may have been quicker.
   * @param claim when an earlier request under its key began a payment and did not live to answer, the answer is
   *   that payment as it is now
   * @throws BookingNotFound | BookingNotPayable | AlreadyPaid | BookingExpired | BookingCancelled when the
   *   booking cannot be paid; the problem names the refund if the money was taken before that was known
   * @throws AmountMismatch | UnknownPaymentMethod | PaymentInProgress | PaymentDeclined
   */
  async pay(attempt: ChargeAttempt, claim?: IdempotencyClaim): Promise<PaymentWithRefunds> {
    if (claim?.resourceId !== undefined) return outcomeOf(await this.reader.get(claim.resourceId));
    requirePayable(await this.bookings.get(attempt.bookingId), attempt, this.clock.now());
    const payment = await this.charges.charge(attempt, claim);
    const confirmed = await this.confirmations.attempt(payment);
    // Nothing goes back of a payment at the moment at which its booking takes it.
    return confirmed === undefined
      ? outcomeOf(await this.reader.get(payment.paymentId))
      : { payment: confirmed, refunds: [] };
  }
}

function outcomeOf(state: PaymentWithRefunds): PaymentWithRefunds {
  const { status, bookingId, paymentId, declineReason } = state.payment;
  switch (status) {
    case 'PROCESSING':
    case 'SUCCEEDED':
      return state;
    case 'FAILED':
      throw new PaymentDeclined(bookingId, paymentId, declineReason ?? '');
    case 'REFUNDING':
    case 'PARTIALLY_REFUNDED':
    case 'REFUNDED':
      throw returnedOf(state);
  }
}

type Returned = new (bookingId: number, extensions: Readonly<Record<string, unknown>>) => DomainError;

const RETURNED_BECAUSE: Readonly<Record<RefusalReason, Returned>> = {
  expired: BookingExpired,
  seats_lost: BookingExpired,
  cancelled: BookingCancelled,
  already_paid: AlreadyPaid,
  not_payable: BookingNotPayable,
  amount_mismatch: CapturedAmountDiffers,
};

/** Money that goes back although booking-service never refused it belongs to a booking cancelled meanwhile. */
function returnedOf({ payment, refunds }: PaymentWithRefunds): DomainError {
  const error = RETURNED_BECAUSE[payment.refusalReason ?? 'cancelled'];
  const done = refunds.every(({ status }) => status === 'SUCCEEDED');
  return new error(payment.bookingId, {
    payment_id: payment.paymentId,
    refund: { status: done ? 'SUCCEEDED' : 'PENDING', amount: paiseToRupees(payment.refundedPaise) },
  });
}
