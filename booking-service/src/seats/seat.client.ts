import { reservation, type ReservationRequest, type ReservedSeat } from '@flight-booking/contracts';
import { UpstreamProblem, type ServiceClient } from '@flight-booking/platform';
import { z } from 'zod';
import { BookingInterrupted } from '../bookings/booking.errors.js';
import { FlightCancelled, FlightDeparted, FlightNotFound } from '../flights/flight.errors.js';
import { SeatsNotLocked, SeatsUnavailable } from './seat.errors.js';

/** What became of the wish to sell a booking its seats. */
export type Sale = 'sold' | 'lost' | 'flight_cancelled';

/** Reserves, sells and frees the seats of bookings at seat-service. Every call is safe to repeat. */
export class SeatClient {
  constructor(private readonly client: ServiceClient) {}

  /**
   * Turns the customer's lock into seats of the booking.
   * @throws SeatsNotLocked | SeatsUnavailable | FlightCancelled | FlightDeparted | FlightNotFound | BookingInterrupted
   */
  async reserve(bookingId: number, request: ReservationRequest): Promise<ReservedSeat[]> {
    try {
      const { seats } = await this.client.call({
        method: 'PUT',
        path: `/internal/reservations/${bookingId}`,
        body: request,
        answer: reservation,
      });
      return seats;
    } catch (error) {
      throw error instanceof UpstreamProblem ? refusalOf(error, request) : error;
    }
  }

  /** Sells a booking its seats, reserved or, when they were freed by expiry, still free. */
  async sell(bookingId: number): Promise<Sale> {
    try {
      await this.client.call({
        method: 'PUT',
        path: `/internal/reservations/${bookingId}/sale`,
        answer: reservation,
      });
      return 'sold';
    } catch (error) {
      if (!(error instanceof UpstreamProblem)) throw error;
      if (error.slug === 'flight-cancelled') return 'flight_cancelled';
      if (error.status === 404 || error.status === 409) return 'lost';
      throw error;
    }
  }

  /** Frees the seats of a booking for good: they are never sold to it again, whatever arrives late. */
  async release(bookingId: number): Promise<void> {
    await this.client.call({
      method: 'DELETE',
      path: `/internal/reservations/${bookingId}`,
      answer: z.unknown(),
    });
  }
}

function refusalOf(problem: UpstreamProblem, { flight_ids, num_seats }: ReservationRequest): Error {
  const options = { cause: problem };
  switch (problem.slug) {
    case 'seats-not-locked':
      return new SeatsNotLocked(flight_ids, num_seats, options);
    case 'seats-unavailable':
      return new SeatsUnavailable(flight_ids, options);
    case 'flight-cancelled':
      return new FlightCancelled(flight_ids, options);
    case 'flight-departed':
      return new FlightDeparted(flight_ids, options);
    case 'flight-not-found':
      return new FlightNotFound(flight_ids);
    case 'seats-lost':
      return new BookingInterrupted(options);
    default:
      return problem;
  }
}
