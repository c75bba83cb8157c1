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

/** The flight has left, so nothing can be changed about it. */
export class FlightDeparted extends DomainError {
  static readonly slug = problemSlug.flightDeparted;
  static readonly kind = 'conflict';
  static readonly title = 'The flight has departed';

  constructor(flightId: number) {
    super(`Flight ${flightId} has departed.`, { flight_id: flightId });
  }
}

/** The flight was withdrawn, so nobody buys it any more. */
export class FlightCancelled extends DomainError {
  static readonly slug = problemSlug.flightCancelled;
  static readonly kind = 'conflict';
  static readonly title = 'The flight is cancelled';

  constructor(flightId: number) {
    super(`Flight ${flightId} is cancelled.`, { flight_id: flightId });
  }
}

/** The fares are not those of the cabins that the aircraft has. */
export class FaresDoNotFit extends DomainError {
  static readonly slug = 'fares-do-not-fit';
  static readonly kind = 'invalid';
  static readonly title = 'The fares do not fit the aircraft';

  constructor(hasBusiness: boolean) {
    const message = hasBusiness
      ? 'is required: the aircraft has a business cabin'
      : 'must be absent: the aircraft has no business cabin';
    super(`The fare in business ${message}.`, { errors: [{ field: 'business', in: 'body', message }] });
  }
}

/** A flight of that number leaves on that day already. */
export class FlightExists extends DomainError {
  static readonly slug = 'flight-exists';
  static readonly kind = 'conflict';
  static readonly title = 'There is such a flight already';

  constructor(flightNumber: string, options?: ErrorOptions) {
    super(`A flight ${flightNumber} leaves on that day already.`, { flight_number: flightNumber }, options);
  }
}

/** The departure does not lie within the time that is sold. */
export class DepartureNotOnSale extends DomainError {
  static readonly slug = 'departure-not-on-sale';
  static readonly kind = 'invalid';
  static readonly title = 'The departure is outside of the time that is sold';

  constructor(daysAhead: number) {
    const message = `must be in the future and within ${daysAhead} days`;
    super(`The departure ${message}.`, { errors: [{ field: 'departure_time', in: 'body', message }] });
  }
}
