import { DomainError } from '@flight-booking/platform';

/** No flight has that id. */
export class FlightNotFound extends DomainError {
  static readonly slug = 'flight-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'There is no such flight';

  constructor(flightId: number) {
    super(`There is no flight ${flightId}.`, { flight_id: flightId });
  }
}
