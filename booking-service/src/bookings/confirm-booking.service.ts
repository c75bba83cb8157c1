import {
  bookingConfirmed,
  bookingPaymentReturned,
  type BookingStatus,
  type PaymentReturnReason,
} from '@flight-booking/contracts';
import type { Clock, Database, JobQueue, Queries } from '@flight-booking/platform';
import type { BookingPaymentRepository, ReceivedPayment } from '../payments/booking-payment.repository.js';
import { verdictAfterSale, verdictBeforeSale, type Verdict } from '../payments/payment-verdict.js';
import type { DiscountClient } from '../discounts/discount.client.js';
import type { Sale, SeatClient } from '../seats/seat.client.js';
import { isOffered, type OfferedBooking } from './booking.js';
import { AmountMismatch, BookingNotFound, PaymentOfAnotherBooking } from './booking.errors.js';
import type { BookingEndings } from './booking-endings.js';
import type { BookingEvents } from './booking-events.js';
import { decidePayment, decidePaymentKey, releaseSeats, settleRedemption } from './booking.jobs.js';
import type { BookingRepository } from './booking.repository.js';
import { RETURN_IN_WORDS } from './booking-words.js';

/** A payment that is captured. */
export interface CapturedPayment {
  readonly bookingId: number;
  readonly paymentId: number;
  readonly amountPaise: number;
}

/** What became of a payment, and of its booking by now. */
export interface PaymentDecision {
  readonly verdict: Verdict;
  readonly bookingStatus: BookingStatus;
}

/** What the service records and announces with. */
export interface ConfirmationRecords {
  readonly bookings: BookingRepository;
  readonly payments: BookingPaymentRepository;
  readonly endings: BookingEndings;
  readonly events: BookingEvents;
  readonly jobs: JobQueue;
}

/** What a payment takes for its booking. */
export interface ConfirmationNeighbours {
  readonly seats: SeatClient;
  readonly discounts: DiscountClient;
}

/**
 * Decides what becomes of captured payments, once each and for ever.
 *
 * The payment is written down before its seats are sold and a job is added that decides it if nobody else does,
 * so seats that were sold when the process died belong to a booking that goes on to its end. Between that and
 * the verdict the booking's row is not held; whoever holds it next (a cancellation, another payment, this one)
 * sees what was done before. A cancellation that came first has given the seats back for good, so the sale is
 * refused or undone; a booking with an undecided payment does not expire. A booking that had expired takes the use of
 * its discount code anew before its seats are sold: without it the payment goes back and no seat was touched.
 *
 * Seat-service answers a payment once and for ever, so it does not matter which of several calls about one payment
 * is answered first, nor that one of them arrives after the verdict: a payment that went back because of a refusal
 * sells nothing later. Where the booking alone decides, nobody can be left with seats either: they belong to the
 * payment that was accepted, or they are given back for good.
 */
export class ConfirmBookingService {
  constructor(
    private readonly database: Database,
    private readonly records: ConfirmationRecords,
    private readonly neighbours: ConfirmationNeighbours,
    private readonly clock: Clock,
    private readonly patienceMs: number,
  ) {}

  /**
   * Whether the payment confirmed its booking; the same answer however often it is asked, at once or later.
   * @throws BookingNotFound | AmountMismatch | PaymentOfAnotherBooking
   */
  async confirm(payment: CapturedPayment): Promise<PaymentDecision> {
    const begun =
      (await this.records.payments.receive(this.database, payment, this.patienceMs)) ??
      (await this.database.transaction((tx) => this.begin(tx, payment)));
    if ('verdict' in begun) return begun;
    // Without its discount the booking is not to be had at its price, just as without its seats.
    const sale = (await this.hasItsDiscount(payment, begun))
      ? await this.neighbours.seats.sell(payment.bookingId, payment.paymentId)
      : 'lost';
    return this.database.transaction((tx) => this.finish(tx, payment, sale));
  }

  /** Whether the booking still has the use of its code, if it has one; one that expired takes it anew. */
  private async hasItsDiscount(
    { bookingId, paymentId }: CapturedPayment,
    { hasExpiredDiscount }: ReceivedPayment,
  ): Promise<boolean> {
    return !hasExpiredDiscount || (await this.neighbours.discounts.holdFor(bookingId, paymentId));
  }

  /**
   * Writes a payment down that its booking does not simply wait for, or that is known. Returns the decision if there is
   * one without asking for the seats.
   */
  private async begin(tx: Queries, payment: CapturedPayment): Promise<PaymentDecision | ReceivedPayment> {
    const { bookingId, paymentId, amountPaise } = payment;
    const booking = await this.lock(tx, bookingId);
    const received = { hasExpiredDiscount: booking.status === 'EXPIRED' && booking.discountCode !== null };
    const isNew = await this.records.payments.add(tx, paymentId, bookingId, amountPaise);
    if (!isNew) return (await this.knownDecision(tx, payment, booking)) ?? received;
    if (amountPaise !== booking.amountDuePaise) throw new AmountMismatch(booking.amountDuePaise);
    const verdict = verdictBeforeSale(booking);
    if (verdict !== undefined) return this.decide(tx, payment, booking, verdict);
    await this.records.jobs.add(
      tx,
      decidePayment,
      { booking_id: bookingId, payment_id: paymentId, amount_paise: amountPaise },
      { afterMs: this.patienceMs, key: decidePaymentKey(paymentId) },
    );
    return received;
  }

  private async finish(tx: Queries, payment: CapturedPayment, sale: Sale): Promise<PaymentDecision> {
    const booking = await this.lock(tx, payment.bookingId);
    return this.decide(tx, payment, booking, verdictAfterSale(booking, sale));
  }

  private async lock(tx: Queries, bookingId: number): Promise<OfferedBooking> {
    const booking = await this.records.bookings.lock(tx, bookingId);
    if (!isOffered(booking)) throw new BookingNotFound({ booking_id: bookingId });
    return booking;
  }

  private async knownDecision(
    tx: Queries,
    { paymentId, bookingId, amountPaise }: CapturedPayment,
    booking: OfferedBooking,
  ): Promise<PaymentDecision | undefined> {
    const known = await this.records.payments.find(tx, paymentId);
    if (known !== undefined && known.bookingId !== bookingId) throw new PaymentOfAnotherBooking(paymentId);
    if (known !== undefined && known.amountPaise !== amountPaise)
      throw new AmountMismatch(booking.amountDuePaise);
    if (known === undefined || known.verdict === null) return undefined;
    return { verdict: known.verdict, bookingStatus: booking.shownStatus };
  }

  private async decide(
    tx: Queries,
    payment: CapturedPayment,
    booking: OfferedBooking,
    verdict: Verdict,
  ): Promise<PaymentDecision> {
    if (!(await this.records.payments.decide(tx, payment, verdict))) {
      const known = await this.knownDecision(tx, payment, booking);
      if (known === undefined) throw new Error(`Payment ${payment.paymentId} was never received.`);
      return known;
    }
    const { shownStatus: bookingStatus } =
      verdict === 'accepted'
        ? await this.accept(tx, payment, booking)
        : await this.giveBack(tx, payment, booking, verdict);
    return { verdict, bookingStatus };
  }

  private async accept(
    tx: Queries,
    payment: CapturedPayment,
    booking: OfferedBooking,
  ): Promise<OfferedBooking> {
    const { bookings, jobs, events } = this.records;
    const { paymentId } = payment;
    const confirmed = await bookings.move(tx, booking, 'CONFIRMED', {
      cause: 'paid',
      detail: `payment ${paymentId}`,
      paymentId,
      confirmedAt: this.clock.now(),
    });
    if (booking.discountCode !== null)
      await jobs.add(tx, settleRedemption, { booking_id: booking.bookingId });
    await events.publish(tx, bookingConfirmed, confirmed);
    return confirmed;
  }

  private async giveBack(
    tx: Queries,
    { paymentId }: CapturedPayment,
    booking: OfferedBooking,
    why: PaymentReturnReason,
  ): Promise<OfferedBooking> {
    const left = await this.endUnpaid(tx, booking, why);
    // The use may be held for this payment. A booking that ends only now settles its code by ending.
    if (booking.status === 'EXPIRED' && left.discountCode !== null)
      await this.records.jobs.add(tx, settleRedemption, { booking_id: left.bookingId });
    if (why === 'cancelled') await this.records.bookings.recordRefund(tx, booking.bookingId);
    const about = { payment_id: paymentId, reason: RETURN_IN_WORDS[why] };
    await this.records.events.publish(tx, bookingPaymentReturned, left, about);
    return left;
  }

  /** Ends the booking of a payment that goes back, unless it has ended or is paid otherwise. */
  private async endUnpaid(
    tx: Queries,
    booking: OfferedBooking,
    why: PaymentReturnReason,
  ): Promise<OfferedBooking> {
    const { endings, jobs } = this.records;
    if (why === 'cancelled') {
      if (booking.status === 'PENDING') return endings.cancel(tx, booking, 'flight_cancelled');
      // The sale may have reached seat-service although the flight is cancelled here.
      await jobs.add(tx, releaseSeats, { booking_id: booking.bookingId });
    } else if (why === 'expired' && booking.hasDeparted) {
      // No payment can have them any more, and the sale may have been made just before the flight left.
      await jobs.add(tx, releaseSeats, { booking_id: booking.bookingId });
      if (booking.status === 'PENDING') return endings.expire(tx, booking);
    } else if (booking.status === 'PENDING') {
      return endings.loseSeats(tx, booking);
    }
    return booking;
  }
}
