import type { AircraftType, FlightDetail } from '@flight-booking/contracts';

const DAY_MS = 86_400_000;

/** A flight as flight-search would tell it; DEL to BLR in a week unless said otherwise. */
export function createTestFlight(
  flightId: number,
  overrides: Partial<FlightDetail> & { aircraft_type?: AircraftType } = {},
): FlightDetail {
  const departure = new Date(Date.now() + 7 * DAY_MS);
  return {
    flight_id: flightId,
    flight_number: `6E${flightId}`,
    airline: { code: '6E', name: 'IndiGo', accounting_code: '312' },
    source: {
      code: 'DEL',
      city: 'Delhi',
      airport: 'Indira Gandhi',
      country: 'IN',
      time_zone: 'Asia/Kolkata',
    },
    destination: {
      code: 'BLR',
      city: 'Bengaluru',
      airport: 'Kempegowda',
      country: 'IN',
      time_zone: 'Asia/Kolkata',
    },
    departure_time: departure.toISOString(),
    arrival_time: new Date(departure.getTime() + 165 * 60_000).toISOString(),
    duration_minutes: 165,
    aircraft_type: 'A320',
    status: 'SCHEDULED',
    fares: [],
    ...overrides,
  };
}
