import { z } from 'zod';
import { aircraftType } from './aircraft.js';
import { fareBreakdown } from './fares.js';
import { id, instant } from './scalars.js';

/** Where a flight leaves from or arrives at. */
export const flightStop = z.strictObject({
  code: z.string(),
  city: z.string(),
  airport: z.string(),
  country: z.string(),
  /** IANA zone of the airport's clocks. */
  time_zone: z.string(),
  /** Two-digit GST state code; absent abroad. */
  gst_state_code: z.string().optional(),
  terminal: z.string().optional(),
});
/** See {@link flightStop}. */
export type FlightStop = z.infer<typeof flightStop>;

/** A flight that is cancelled keeps its row for the bookings that name it. */
export const flightStatus = z.enum(['SCHEDULED', 'CANCELLED']);

/** A flight as flight-search tells it to the other services. */
export const flightDetail = z.strictObject({
  flight_id: id,
  flight_number: z.string(),
  airline: z.strictObject({ code: z.string(), name: z.string(), accounting_code: z.string() }),
  source: flightStop,
  destination: flightStop,
  departure_time: instant,
  arrival_time: instant,
  duration_minutes: z.int(),
  aircraft_type: aircraftType,
  status: flightStatus,
  /** By cabin, and in each by brand. */
  fares: z.array(fareBreakdown),
});
/** See {@link flightDetail}. */
export type FlightDetail = z.infer<typeof flightDetail>;

/** `GET /internal/flights?ids=1,7` of flight-search; an unknown id is simply absent. */
export const flightDetails = z.strictObject({ flights: z.array(flightDetail) });

/** Free seats by cabin; a cabin that the aircraft lacks is absent. */
export const seatsByCabin = z.strictObject({
  economy: z.int().min(0).optional(),
  business: z.int().min(0).optional(),
});
/** See {@link seatsByCabin}. */
export type SeatsByCabin = z.infer<typeof seatsByCabin>;

/** `GET /internal/availability?flight_ids=1,7` of seat-service: seats that could be locked right now. */
export const availability = z.strictObject({
  flights: z.array(z.strictObject({ flight_id: id, available: seatsByCabin })),
});
