import type {
  BookingDetail,
  BookingStatus,
  FareBrand,
  FlightDetail,
  Passenger,
  PriceLineDetail,
} from '@flight-booking/contracts';
import type { StuckWork } from './stuck-work.js';

/**
 * The life of a booking. The row comes first and promises nothing (`CREATED`); with seats and a price it waits
 * for its payment (`PENDING`). Nobody paying in time ends it `EXPIRED`, which a late payment may still undo as
 * long as the seats are free. `CANCELLED` alone is final, and so it alone gives seats back for good.
 * The database keeps the same table and refuses every other move.
 */
export const MOVES = {
  CREATED: ['PENDING', 'CANCELLED'],
  PENDING: ['CONFIRMED', 'EXPIRED', 'CANCELLED'],
  EXPIRED: ['CONFIRMED'],
  CONFIRMED: ['TICKETED', 'CANCELLED'],
  TICKETED: ['CANCELLED'],
  CANCELLED: [],
} as const satisfies Record<BookingStatus, readonly BookingStatus[]>;

/** Why a booking is in its state. */
export type Cause =
  | 'created'
  | 'offered'
  | 'refused'
  | 'abandoned'
  | 'paid'
  | 'unpaid'
  | 'seats_lost'
  | 'ticketed'
  | CancellationCause;

/** Why a booking that was offered is cancelled. */
export type CancellationCause = 'customer' | 'flight_cancelled' | 'operator';

/** Who can cancel a booking. */
export const CANCELLERS = ['customer', 'airline', 'operator'] as const;
/** Who cancelled a booking. */
export type Canceller = (typeof CANCELLERS)[number];

/** Who cancelled a booking that is cancelled. */
export const cancelledBy = (cause: Cause): Canceller =>
  cause === 'customer' || cause === 'operator' ? cause : 'airline';

/** A seat of a booking and who sits on it. */
export type BookedSeat = BookingDetail['seats'][number];

/** A cancellation fee that was given back. */
export interface ReturnedFee {
  readonly amountPaise: number;
  /** Why, for the customer. */
  readonly reason: string;
  /** ISO 8601, as the database writes it. */
  readonly returnedAt: string;
}

/** A booking as it is kept. */
export interface Booking {
  readonly bookingId: number;
  readonly userId: number;
  readonly pnr: string;
  /** As stored: an unpaid booking whose time is over may still be `PENDING`. */
  readonly status: BookingStatus;
  /** As everybody is told: what is overdue counts as `EXPIRED`. */
  readonly shownStatus: BookingStatus;
  readonly cause: Cause;
  readonly causeDetail: string | null;
  readonly changedAt: Date;
  readonly seatCount: number;
  readonly contact: { readonly name: string; readonly email: string };
  readonly fareBrand: FareBrand;
  readonly discountCode: string | null;
  /** Null until the booking is offered to its customer. */
  readonly amountDuePaise: number | null;
  /** What goes back to the customer; null unless cancelled. */
  readonly refundPaise: number | null;
  /** The fee that its cancellation had kept and an operator gave back on top; null normally. */
  readonly returnedFee: ReturnedFee | null;
  /** The quote by which its customer cancelled it. */
  readonly cancellationQuoteId: number | null;
  readonly paymentId: number | null;
  readonly ticketId: number | null;
  /** When its first flight leaves. */
  readonly departsAt: Date;
  /** Whether that flight has left. */
  readonly hasDeparted: boolean;
  readonly expiresAt: Date;
  readonly confirmedAt: Date | null;
  readonly createdAt: Date;
  /** The database's time when this was read. */
  readonly readAt: Date;
  /** The flight of it that the airline withdrew; null while all take place. */
  readonly cancelledFlightId: number | null;
  /** What keeps it from going on until an operator looks at it; null normally. */
  readonly stuck: StuckWork | null;
  /** As they were when the booking was made, with the fares of its brand alone. */
  readonly flights: readonly FlightDetail[];
  readonly passengers: readonly Passenger[];
  readonly seats: readonly BookedSeat[];
  readonly priceLines: readonly PriceLineDetail[];
}

/** A booking that its customer was promised at a price. */
export type OfferedBooking = Booking & { readonly amountDuePaise: number };

/** Whether the customer was ever promised this booking. */
export const isOffered = (booking: Booking | undefined): booking is OfferedBooking =>
  booking !== undefined && booking.amountDuePaise !== null;

/** What was paid for a cancelled booking and does not come back, in paise; nothing of any other booking. */
export const keptPaiseOf = ({
  paymentId,
  amountDuePaise,
  refundPaise,
  returnedFee,
}: OfferedBooking): number =>
  paymentId === null || refundPaise === null
    ? 0
    : amountDuePaise - refundPaise - (returnedFee?.amountPaise ?? 0);

/** A move that the life of a booking does not have: a fault of the caller's. */
export class IllegalMove extends Error {
  override readonly name = 'IllegalMove';
}

/** @throws IllegalMove */
export function requireMove(booking: Pick<Booking, 'bookingId' | 'status'>, to: BookingStatus): void {
  if ((MOVES[booking.status] as readonly BookingStatus[]).includes(to)) return;
  throw new IllegalMove(`Booking ${booking.bookingId} cannot become ${to} from ${booking.status}.`);
}
