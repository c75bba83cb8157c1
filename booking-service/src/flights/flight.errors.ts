import { DomainError } from '@flight-booking/platform';

/** No flight has that id. */
export class FlightNotFound extends DomainError {
  static readonly slug = 'flight-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'There is no such flight';

  constructor(flightIds: readonly number[]) {
    super(`There is no flight ${flightIds.join(', ')}.`, { flight_ids: flightIds });
  }
}

/** The airline withdrew the flight. */
export class FlightCancelled extends DomainError {
  static readonly slug = 'flight-cancelled';
  static readonly kind = 'conflict';
  static readonly title = 'The flight is cancelled';

  constructor(flightIds: readonly number[], options?: ErrorOptions) {
    super(
      `A flight of this booking is cancelled. Search for another one.`,
      { flight_ids: flightIds },
      options,
    );
  }
}

/** The flight has left. */
export class FlightDeparted extends DomainError {
  static readonly slug = 'flight-departed';
  static readonly kind = 'conflict';
  static readonly title = 'The flight has departed';

  constructor(flightIds: readonly number[], options?: ErrorOptions) {
    super(`A flight of this booking has departed.`, { flight_ids: flightIds }, options);
  }
}
