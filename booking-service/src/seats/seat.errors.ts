import { problemSlug } from '@flight-booking/contracts';
import { DomainError, type DomainErrorOptions } from '@flight-booking/platform';

/** The customer holds no live lock of these seats: that step comes first. */
export class SeatsNotLocked extends DomainError {
  static readonly slug = problemSlug.seatsNotLocked;
  static readonly kind = 'conflict';
  static readonly title = 'Lock the seats first';

  constructor(flightIds: readonly number[], seatCount: number, options?: DomainErrorOptions) {
    super(
      `You hold no live lock of ${seatCount} seat(s) on flight ${flightIds.join(', ')}. Lock them with POST /api/seats/lock, then book.`,
      { missing_step: 'lock', flight_ids: flightIds },
      options,
    );
  }
}

/** Somebody else has the seats. */
export class SeatsUnavailable extends DomainError {
  static readonly slug = problemSlug.seatsUnavailable;
  static readonly kind = 'conflict';
  static readonly title = 'The seats are not available';

  /** @param seats those that are taken, as far as they are known by name */
  constructor(flightId: number, seats: readonly string[], options?: DomainErrorOptions) {
    super(
      `Seats of flight ${flightId} were taken by somebody else. Lock others and book again.`,
      { flight_id: flightId, seats },
      options,
    );
  }
}

/** The customer's unpaid bookings have as many seats of the flight as one may have without paying. */
export class ReservationLimitReached extends DomainError {
  static readonly slug = problemSlug.reservationLimitReached;
  static readonly kind = 'conflict';
  static readonly title = 'Too many seats are reserved and not paid';

  constructor(flightId: number, limit: number | undefined, options?: DomainErrorOptions) {
    super(
      `Your unpaid bookings have as many seats of flight ${flightId} as one may have. Pay for one of them or cancel it first.`,
      { flight_id: flightId, ...(limit !== undefined && { limit }) },
      options,
    );
  }
}

/** The seats were given back before they were reserved, and the booking never gets any again. */
export class SeatsLost extends DomainError {
  static readonly slug = problemSlug.seatsLost;
  static readonly kind = 'conflict';
  static readonly title = 'The booking does not have its seats any more';

  constructor(bookingId: number, options?: DomainErrorOptions) {
    super(`The seats of booking ${bookingId} were given back.`, { booking_id: bookingId }, options);
  }
}
