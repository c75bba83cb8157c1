import { formatPaise, type TimelineEntry } from '@flight-booking/contracts';
import type { Queries } from '@flight-booking/platform';
import type { RedemptionStatus } from '../redemptions/redemption.js';
import type { RedemptionMove, TimelineRepository } from './timeline.repository.js';

/** What each state means, and why a redemption comes into it. */
const WORDS: Readonly<Record<RedemptionStatus, (code: string, amount: string) => Omit<TimelineEntry, 'at'>>> =
  {
    HELD: (code, amount) => ({
      event: 'discount.held',
      detail: `${code} takes ${amount} off`,
      cause: 'booking-service, for a new booking',
    }),
    REDEEMED: (code, amount) => ({
      event: 'discount.redeemed',
      detail: `${code} took ${amount} off`,
      cause: 'booking-service, because the booking is paid',
    }),
    LAPSED: (code) => ({
      event: 'discount.lapsed',
      detail: `The use of ${code} is free again`,
      cause: 'booking-service, because nobody paid in time',
    }),
    RELEASED: (code) => ({
      event: 'discount.released',
      detail: `${code} was given back for good`,
      cause: 'booking-service, because the booking was cancelled',
    }),
  };

/** Tells what this service did for a booking. */
export class TimelineService {
  constructor(
    private readonly queries: Queries,
    private readonly timelines: TimelineRepository,
  ) {}

  /** The oldest first; nothing for a booking that never took a discount. */
  async ofBooking(bookingId: number): Promise<TimelineEntry[]> {
    return (await this.timelines.ofBooking(this.queries, bookingId)).flatMap(entriesOf);
  }
}

const entriesOf = ({ status, changedAt, code, discountPaise }: RedemptionMove): TimelineEntry[] =>
  code === null
    ? []
    : [{ ...WORDS[status](code, formatPaise(discountPaise ?? 0)), at: changedAt.toISOString() }];
