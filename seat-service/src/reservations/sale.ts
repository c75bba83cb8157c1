import { FlightCancelled, FlightDeparted } from '../flights/flight.errors.js';
import { SeatsLost } from '../seats/seat.errors.js';
import type { Reservation } from './reservation.js';

/** What became of the wish to sell a booking its seats for one payment, for ever. */
export type SaleAnswer =
  | { readonly answer: 'SOLD' | 'SEATS_LOST'; readonly flightId: null }
  | { readonly answer: 'FLIGHT_CANCELLED' | 'FLIGHT_DEPARTED'; readonly flightId: number };

/** For which payment a booking's seats are to be sold. */
export interface SaleKey {
  readonly bookingId: number;
  readonly paymentId: number;
}

/** That the seats are the booking's own. */
export const SOLD: SaleAnswer = { answer: 'SOLD', flightId: null };

/** What a failure says of the sale; undefined for one after which it may still succeed, such as Redis being away. */
export function refusalOf(failure: unknown): SaleAnswer | undefined {
  if (failure instanceof SeatsLost) return { answer: 'SEATS_LOST', flightId: null };
  if (failure instanceof FlightCancelled) return { answer: 'FLIGHT_CANCELLED', flightId: failure.flightId };
  if (failure instanceof FlightDeparted) return { answer: 'FLIGHT_DEPARTED', flightId: failure.flightId };
  return undefined;
}

/**
 * Answers again what was answered before, whatever became of the seats since.
 * @throws SeatsLost | FlightCancelled | FlightDeparted
 */
export function repeated(sale: SaleAnswer, reservation: Reservation): Reservation {
  switch (sale.answer) {
    case 'SOLD':
      return { ...reservation, status: 'SOLD' };
    case 'SEATS_LOST':
      throw new SeatsLost(reservation.bookingId);
    case 'FLIGHT_CANCELLED':
      throw new FlightCancelled(sale.flightId);
    case 'FLIGHT_DEPARTED':
      throw new FlightDeparted(sale.flightId);
  }
}
