import { pageOf, type Page } from '@flight-booking/contracts';
import type { Database, IdempotencyClaim, Queries, StuckJobs } from '@flight-booking/platform';
import { isOffered, type OfferedBooking } from '../bookings/booking.js';
import { BookingNotFound } from '../bookings/booking.errors.js';
import type { BookingEndings } from '../bookings/booking-endings.js';
import { meetDeadline, refundBooking, releaseSeats, settleRedemption } from '../bookings/booking.jobs.js';
import type { BookingRepository } from '../bookings/booking.repository.js';
import { cancelForFlight } from '../cancellations/cancellation.jobs.js';
import type { FeeReturns } from '../cancellations/fee-returns.js';
import { NothingToRefund } from './operation.errors.js';
import type { StuckBooking, StuckBookingRepository } from './stuck-booking.repository.js';

/** What operators work on. */
export interface OperatorRecords {
  readonly bookings: BookingRepository;
  readonly endings: BookingEndings;
  readonly feeReturns: FeeReturns;
  readonly stuckBookings: StuckBookingRepository;
  readonly stuckJobs: StuckJobs;
}

/**
 * Work that a cancellation does anew, or that has nothing left to do afterwards. Everything else that is stuck still
 * has to happen: a message has to be delivered, and another payment has to be decided.
 */
const ENDED_BY_CANCELLATION: readonly string[] = [
  meetDeadline,
  releaseSeats,
  settleRedemption,
  refundBooking,
  cancelForFlight,
].map(({ name }) => name);

/** Lets operators see the bookings that cannot go on by themselves, and do something about them. */
export class OperatorService {
  constructor(
    private readonly database: Database,
    private readonly records: OperatorRecords,
  ) {}

  /** Bookings whose work is stuck, by their ids. */
  async stuck(after: number | undefined, limit: number): Promise<Page<StuckBooking>> {
    const found = await this.records.stuckBookings.list(this.database, after ?? 0, limit + 1);
    return pageOf(found, limit, ({ bookingId }) => bookingId);
  }

  /**
   * Has all stuck work of a booking tried again. Returns the kinds of it; nothing when nothing is stuck (any more).
   * @throws BookingNotFound
   */
  async retry(bookingId: number): Promise<string[]> {
    return this.database.transaction(async (tx) => {
      if ((await this.records.bookings.find(tx, bookingId)) === undefined)
        throw new BookingNotFound({ booking_id: bookingId });
      return this.records.stuckJobs.retryAbout(tx, aboutBooking(bookingId));
    });
  }

  /**
   * Cancels a paid booking and gives everything back, whatever the rules would keep; of a booking that its customer
   * has cancelled, gives back what the rules have kept. Refunded by an operator already is refunded.
   * @throws BookingNotFound | NothingToRefund
   */
  async refund(bookingId: number, reason: string, claim?: IdempotencyClaim): Promise<OfferedBooking> {
    return this.database.transaction(async (tx) => {
      const booking = await this.records.bookings.lock(tx, bookingId);
      if (!isOffered(booking)) throw new BookingNotFound({ booking_id: bookingId });
      const endedWork =
        booking.status === 'CANCELLED'
          ? await this.returnFee(tx, booking, reason)
          : await this.cancel(tx, booking, reason);
      if (endedWork === undefined) return booking;
      await this.settleStuck(tx, bookingId, endedWork);
      await claim?.bind(tx, bookingId);
      return (await this.records.bookings.find(tx, bookingId)) as OfferedBooking;
    });
  }

  /** Returns the kinds of stuck work that this does anew. @throws NothingToRefund */
  private async cancel(tx: Queries, booking: OfferedBooking, reason: string): Promise<readonly string[]> {
    if (booking.status !== 'CONFIRMED' && booking.status !== 'TICKETED') throw new NothingToRefund(booking);
    await this.records.endings.cancel(tx, booking, 'operator', reason);
    return ENDED_BY_CANCELLATION;
  }

  /** The same; undefined when all has been given back before. @throws NothingToRefund */
  private async returnFee(
    tx: Queries,
    booking: OfferedBooking,
    reason: string,
  ): Promise<readonly string[] | undefined> {
    if (booking.cause === 'operator') return undefined;
    switch (await this.records.feeReturns.giveBack(tx, booking, reason)) {
      case 'returned':
        return [refundBooking.name];
      case 'returned_before':
        return undefined;
      case 'no_fee':
        throw new NothingToRefund(booking);
    }
  }

  /** Declares stuck work of these kinds settled. */
  private async settleStuck(tx: Queries, bookingId: number, kinds: readonly string[]): Promise<void> {
    const { stuckJobs } = this.records;
    for (const { stuckId, job } of await stuckJobs.open(tx, { about: aboutBooking(bookingId) }))
      if (kinds.includes(job)) await stuckJobs.resolve(tx, stuckId, 'an operator refunded the booking');
  }
}

const aboutBooking = (bookingId: number) => ({ field: 'booking_id', id: bookingId });
