import type { reservation } from '@flight-booking/contracts';
import type { z } from 'zod';
import type { Reservation } from './reservation.js';

/** A reservation as booking-service is told of it. */
export const toReservationView = ({
  bookingId,
  status,
  seats,
}: Reservation): z.input<typeof reservation> => ({
  booking_id: bookingId,
  status,
  seats: seats.map(({ flightId, seatNumber, cabin }) => ({
    flight_id: flightId,
    seat_number: seatNumber,
    cabin,
  })),
});
