import { problemSlug } from '@flight-booking/contracts';
import { DomainError } from '@flight-booking/platform';

/** No flight has that id. */
export class FlightNotFound extends DomainError {
  static readonly slug = problemSlug.flightNotFound;
  static readonly kind = 'not_found';
  static readonly title = 'There is no such flight';

  constructor(flightId: number) {
    super(`There is no flight ${flightId}.`, { flight_id: flightId });
  }
}

/** The airline withdrew the flight. */
export class FlightCancelled extends DomainError {
  static readonly slug = problemSlug.flightCancelled;
  static readonly kind = 'conflict';
  static readonly title = 'The flight is cancelled';

  constructor(readonly flightId: number) {
    super(`Flight ${flightId} is cancelled. Search for another one.`, { flight_id: flightId });
  }
}

/** The flight has left. */
export class FlightDeparted extends DomainError {
  static readonly slug = problemSlug.flightDeparted;
  static readonly kind = 'conflict';
  static readonly title = 'The flight has departed';

  constructor(readonly flightId: number) {
    super(`Flight ${flightId} has departed. Search for another one.`, { flight_id: flightId });
  }
}
