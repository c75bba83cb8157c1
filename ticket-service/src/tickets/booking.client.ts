import { bookingDetail, problemSlug, type BookingDetail } from '@flight-booking/contracts';
import { UpstreamProblem, type ServiceClient } from '@flight-booking/platform';
import { z } from 'zod';
import { BookingNotFound } from './ticket.errors.js';

/** How long the customer's answer may wait for booking-service to hear of the ticket. */
const TELL_TIMEOUT_MS = 1_500;

/** What ticket-service asks of booking-service. */
export class BookingClient {
  constructor(private readonly client: ServiceClient) {}

  /** The booking as it is now. @throws BookingNotFound */
  async booking(bookingId: number): Promise<BookingDetail> {
    try {
      return await this.client.call({
        method: 'GET',
        path: `/internal/bookings/${bookingId}`,
        answer: bookingDetail,
      });
    } catch (error) {
      if (error instanceof UpstreamProblem && error.slug === problemSlug.bookingNotFound) {
        throw new BookingNotFound(bookingId, { cause: error });
      }
      throw error;
    }
  }

  /** Says that the booking's ticket exists; safe to repeat. */
  async ticketed(bookingId: number, ticketId: number): Promise<void> {
    await this.client.call({
      method: 'POST',
      path: `/internal/bookings/${bookingId}/ticketed`,
      body: { ticket_id: ticketId },
      answer: z.unknown(),
      idempotent: true,
      timeoutMs: TELL_TIMEOUT_MS,
    });
  }
}
