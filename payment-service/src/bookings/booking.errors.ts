import { problemSlug } from '@flight-booking/contracts';
import { DomainError } from '@flight-booking/platform';

/** The customer has no such booking. */
export class BookingNotFound extends DomainError {
  static readonly slug = problemSlug.bookingNotFound;
  static readonly kind = 'not_found';
  static readonly title = 'There is no such booking';

  constructor(bookingId: number, options: ErrorOptions = {}) {
    super(`You have no booking ${bookingId}.`, { booking_id: bookingId }, options);
  }
}
