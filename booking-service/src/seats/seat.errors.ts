import { DomainError } from '@flight-booking/platform';

/** The customer holds no live lock of these seats: that step comes first. */
export class SeatsNotLocked extends DomainError {
  static readonly slug = 'seats-not-locked';
  static readonly kind = 'conflict';
  static readonly title = 'Lock the seats first';

  constructor(flightIds: readonly number[], seatCount: number, options?: ErrorOptions) {
    super(
      `You hold no live lock of ${seatCount} seat(s) on flight ${flightIds.join(', ')}. Lock them with POST /api/seats/lock, then book.`,
      { missing_step: 'lock', flight_ids: flightIds },
      options,
    );
  }
}

/** Somebody else has the seats. */
export class SeatsUnavailable extends DomainError {
  static readonly slug = 'seats-unavailable';
  static readonly kind = 'conflict';
  static readonly title = 'The seats are not available';

  constructor(flightIds: readonly number[], options?: ErrorOptions) {
    super(
      'The seats were taken by somebody else. Lock others and book again.',
      { flight_ids: flightIds },
      options,
    );
  }
}
