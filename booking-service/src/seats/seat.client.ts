import {
  id,
  problemSlug,
  reservation,
  type ReservationRequest,
  type ReservedSeat,
  type SaleRequest,
} from '@flight-booking/contracts';
import { UpstreamProblem, type ServiceClient } from '@flight-booking/platform';
import { z } from 'zod';
import { FlightCancelled, FlightDeparted, FlightNotFound } from '../flights/flight.errors.js';
import { ReservationLimitReached, SeatsLost, SeatsNotLocked, SeatsUnavailable } from './seat.errors.js';

/** What became of the wish to sell a booking its seats. */
export type Sale = 'sold' | 'lost' | 'flight_cancelled' | 'flight_departed';

/** Reserves, sells and frees the seats of bookings at seat-service. Every call is safe to repeat. */
export class SeatClient {
  constructor(private readonly client: ServiceClient) {}

  /**
   * Turns the customer's lock into seats of the booking.
   * @throws SeatsNotLocked | SeatsUnavailable | SeatsLost | ReservationLimitReached | FlightCancelled | FlightDeparted |
   *   FlightNotFound
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
      throw error instanceof UpstreamProblem ? refusalOf(error, bookingId, request) : error;
    }
  }

  /**
   * Sells a booking its seats for a payment, reserved or, when they were freed by expiry, still free. What seat-service
   * has answered to a payment stands. Whatever else it refuses says nothing about the seats; it is thrown, and the
   * sale is asked for again.
   */
  async sell(bookingId: number, paymentId: number): Promise<Sale> {
    const request: SaleRequest = { payment_id: paymentId };
    try {
      await this.client.call({
        method: 'PUT',
        path: `/internal/reservations/${bookingId}/sale`,
        body: request,
        answer: reservation,
      });
      return 'sold';
    } catch (error) {
      if (!(error instanceof UpstreamProblem)) throw error;
      if (error.slug === problemSlug.seatsLost) return 'lost';
      if (error.slug === problemSlug.flightCancelled) return 'flight_cancelled';
      if (error.slug === problemSlug.flightDeparted) return 'flight_departed';
      throw error;
    }
  }

  /** Frees the seats of a booking for good: they are never sold to it again, whatever arrives late. */
  async release(bookingId: number): Promise<void> {
    await this.client.call({
      method: 'DELETE',
      path: `/internal/reservations/${bookingId}`,
      answer: reservation,
    });
  }
}

/** What a refusal says of a flight and its seats. */
const aboutFlight = z.object({
  flight_id: id,
  seats: z.array(z.string()).default([]),
  limit: z.number().optional(),
});

function refusalOf(problem: UpstreamProblem, bookingId: number, request: ReservationRequest): Error {
  const options = { cause: problem };
  if (problem.slug === problemSlug.seatsNotLocked)
    return new SeatsNotLocked(request.flight_ids, request.num_seats, options);
  if (problem.slug === problemSlug.seatsLost) return new SeatsLost(bookingId, options);
  const about = aboutFlight.safeParse(problem.problem);
  if (!about.success) return problem;
  const { flight_id: flightId, seats, limit } = about.data;
  switch (problem.slug) {
    case problemSlug.seatsUnavailable:
      return new SeatsUnavailable(flightId, seats, options);
    case problemSlug.reservationLimitReached:
      return new ReservationLimitReached(flightId, limit, options);
    case problemSlug.flightCancelled:
      return new FlightCancelled(flightId, options);
    case problemSlug.flightDeparted:
      return new FlightDeparted(flightId, options);
    case problemSlug.flightNotFound:
      return new FlightNotFound(flightId, options);
    default:
      return problem;
  }
}
