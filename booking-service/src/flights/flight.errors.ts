import { problemSlug } from '@flight-booking/contracts';
import { DomainError, type DomainErrorOptions } from '@flight-booking/platform';

/** No flight has that id. */
export class FlightNotFound extends DomainError {
  static readonly slug = problemSlug.flightNotFound;
  static readonly kind = 'not_found';
  static readonly title = 'There is no such flight';

  constructor(flightId: number, options?: DomainErrorOptions) {
    super(`There is no flight ${flightId}.`, { flight_id: flightId }, options);
  }
}

/** The airline withdrew the flight. */
export class FlightCancelled extends DomainError {
  static readonly slug = problemSlug.flightCancelled;
  static readonly kind = 'conflict';
  static readonly title = 'The flight is cancelled';

  constructor(flightId: number, options?: DomainErrorOptions) {
    super(`Flight ${flightId} is cancelled. Search for another one.`, { flight_id: flightId }, options);
  }
}

/** The flight has left. */
export class FlightDeparted extends DomainError {
  static readonly slug = problemSlug.flightDeparted;
  static readonly kind = 'conflict';
  static readonly title = 'The flight has departed';

  constructor(flightId: number, options?: DomainErrorOptions) {
    super(`Flight ${flightId} has departed.`, { flight_id: flightId }, options);
  }
}

/** Nobody can change from one of the flights to the next. */
export class FlightsDoNotConnect extends DomainError {
  static readonly slug = 'flights-do-not-connect';
  static readonly kind = 'unprocessable';
  static readonly title = 'The flights do not connect';

  constructor(before: number, after: number) {
    super(
      `Flight ${after} does not leave from where flight ${before} arrives, or leaves before that. ` +
        'Name the flights of an itinerary in the order of travel.',
      { flight_ids: [before, after] },
    );
  }
}
