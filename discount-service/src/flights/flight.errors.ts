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
