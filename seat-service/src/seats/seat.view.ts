import { AIRCRAFT_LAYOUTS, type availability, type CabinLayout } from '@flight-booking/contracts';
import type { z } from 'zod';
import type { SeatLock, SeatStatus } from './seat.js';
import type { flightLock, itineraryLock, seatMap } from './seat.schemas.js';
import type { AvailableSeats, MappedSeat, SeatMap } from './seat.service.js';

type SeatMapView = z.input<typeof seatMap>;
type MappedSeatView = SeatMapView['cabins'][number]['rows'][number]['seats'][number];

/** A lock of one flight as customers see it. */
export function toFlightLockView(lock: SeatLock): z.input<typeof flightLock> {
  const [flight] = lock.flights;
  return {
    ...lockCommon(lock),
    flight_id: flight?.flightId ?? 0,
    seats: [...(flight?.seatNumbers ?? [])],
  };
}

/** A lock of an itinerary as customers see it. */
export const toItineraryLockView = (lock: SeatLock): z.input<typeof itineraryLock> => ({
  ...lockCommon(lock),
  flights: lock.flights.map(({ flightId, seatNumbers }) => ({
    flight_id: flightId,
    seats: [...seatNumbers],
  })),
});

const lockCommon = ({ lockId, userId, expiresAt, now }: SeatLock) => ({
  lock_id: lockId,
  user_id: userId,
  expires_at: expiresAt.toISOString(),
  server_time: now.toISOString(),
});

/** The seats of a flight as customers see them, cabin by cabin and row by row. */
export function toSeatMapView({ flightId, aircraftType, seats }: SeatMap, now: Date): SeatMapView {
  const layouts: readonly CabinLayout[] = AIRCRAFT_LAYOUTS[aircraftType];
  const cabins = [...new Set(layouts.map(({ cabin }) => cabin))];
  return {
    flight_id: flightId,
    aircraft_type: aircraftType,
    cabins: cabins.map((cabin) => {
      const ofCabin = seats.filter((seat) => seat.cabin === cabin);
      return { cabin, rows: rowsOf(ofCabin, layouts), counts: countByStatus(ofCabin) };
    }),
    counts: countByStatus(seats),
    server_time: now.toISOString(),
  };
}

/** Seats that could be locked, as the other services are told of them. */
export const toAvailabilityView = (flights: readonly AvailableSeats[]): z.input<typeof availability> => ({
  flights: flights.map(({ flightId, available }) => ({ flight_id: flightId, available })),
});

function rowsOf(
  seats: readonly MappedSeat[],
  layouts: readonly CabinLayout[],
): SeatMapView['cabins'][number]['rows'] {
  const rows = new Map<number, MappedSeatView[]>();
  for (const seat of seats) {
    const row = Number.parseInt(seat.seatNumber, 10);
    const layout = layouts.find(({ firstRow, lastRow }) => firstRow <= row && row <= lastRow);
    const view = {
      seat: seat.seatNumber,
      position: positionOf(seat.seatNumber.slice(-1), layout?.groups ?? []),
      status: seat.status,
      mine: seat.mine,
    };
    rows.set(row, [...(rows.get(row) ?? []), view]);
  }
  return [...rows].map(([row, seatsOfRow]) => ({ row, seats: seatsOfRow }));
}

/** A seat at either end of the row is by the window; one at the end of a group is by the aisle. */
function positionOf(letter: string, groups: readonly string[]): 'window' | 'middle' | 'aisle' {
  const row = groups.join('');
  if (letter === row[0] || letter === row.at(-1)) return 'window';
  return groups.some((group) => group.startsWith(letter) || group.endsWith(letter)) ? 'aisle' : 'middle';
}

function countByStatus(seats: readonly MappedSeat[]): Record<SeatStatus, number> {
  const counts = { available: 0, locked: 0, reserved: 0, sold: 0 };
  for (const { status } of seats) counts[status] += 1;
  return counts;
}
