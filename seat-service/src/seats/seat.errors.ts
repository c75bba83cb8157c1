import { problemSlug } from '@flight-booking/contracts';
import { DomainError } from '@flight-booking/platform';

/** Some of the seats belong to somebody already, or fewer are left than were asked for. */
export class SeatsUnavailable extends DomainError {
  static readonly slug = problemSlug.seatsUnavailable;
  static readonly kind = 'conflict';
  static readonly title = 'The seats are not available';

  private constructor(detail: string, extensions: Readonly<Record<string, unknown>>) {
    super(detail, extensions);
  }

  /** Seats asked for by name that are taken. */
  static taken(flightId: number, seats: readonly string[]): SeatsUnavailable {
    const detail = `${seats.join(', ')} of flight ${flightId} ${seats.length === 1 ? 'is' : 'are'} taken. None was locked.`;
    return new SeatsUnavailable(detail, { flight_id: flightId, seats });
  }

  /** Fewer seats are free than were asked for. */
  static notEnough(flightId: number, wanted: number, free: number): SeatsUnavailable {
    const detail = `Flight ${flightId} has ${free} free seats in this cabin, ${wanted} were asked for. None was locked.`;
    return new SeatsUnavailable(detail, { flight_id: flightId, seats: [], available: free });
  }
}

/** Seats that the aircraft of the flight does not have. */
export class UnknownSeats extends DomainError {
  static readonly slug = 'unknown-seats';
  static readonly kind = 'unprocessable';
  static readonly title = 'The aircraft does not have these seats';

  constructor(flightId: number, seats: readonly string[]) {
    super(`Flight ${flightId} has no seat ${seats.join(', ')}.`, { flight_id: flightId, seats });
  }
}

/** The customer already holds as many seats of the flight as one may. */
export class LockLimitReached extends DomainError {
  static readonly slug = 'lock-limit-reached';
  static readonly kind = 'conflict';
  static readonly title = 'Too many seats are locked already';

  constructor(flightId: number, locked: number, limit: number) {
    super(
      `You hold ${locked} seats of flight ${flightId}; ${limit} is the most. Give a lock back or book its seats first.`,
      { flight_id: flightId, locked, limit },
    );
  }
}

/** The customer's unpaid bookings have as many seats of the flight as one may have without paying. */
export class ReservationLimitReached extends DomainError {
  static readonly slug = problemSlug.reservationLimitReached;
  static readonly kind = 'conflict';
  static readonly title = 'Too many seats are reserved and not paid';

  constructor(flightId: number, reserved: number, limit: number) {
    super(
      `Your unpaid bookings have ${reserved} seats of flight ${flightId}; ${limit} is the most. Pay for one of them or cancel it first.`,
      { flight_id: flightId, reserved, limit },
    );
  }
}

/** The customer has no live lock of that id. */
export class LockNotFound extends DomainError {
  static readonly slug = 'lock-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'There is no such lock';

  constructor(lockId: number) {
    super(`You hold no lock ${lockId}; it may have expired.`, { lock_id: lockId });
  }
}

/** The booking's seats are not locked by its customer: that step comes first. */
export class SeatsNotLocked extends DomainError {
  static readonly slug = problemSlug.seatsNotLocked;
  static readonly kind = 'conflict';
  static readonly title = 'Lock the seats first';

  constructor(flightIds: readonly number[], seats: number) {
    super(
      `You hold no live lock of ${seats} seats on flight ${flightIds.join(', ')}. Lock them with POST /api/seats/lock, then book.`,
      { missing_step: 'lock', flight_ids: flightIds },
    );
  }
}

/** The booking's seats were given back or lost to somebody else and cannot be sold to it any more. */
export class SeatsLost extends DomainError {
  static readonly slug = problemSlug.seatsLost;
  static readonly kind = 'conflict';
  static readonly title = 'The booking does not have its seats any more';

  constructor(bookingId: number) {
    super(`The seats of booking ${bookingId} are not its own any more.`, { booking_id: bookingId });
  }
}

/** Redis is away: what is locked cannot be known, so nothing can be. */
export class LocksUnavailable extends DomainError {
  static readonly slug = 'locks-unavailable';
  static readonly kind = 'unavailable';
  static readonly title = 'Seats cannot be locked right now';

  constructor(options?: ErrorOptions) {
    super('Seats cannot be locked right now. Try again in a moment.', {}, options);
  }
}
