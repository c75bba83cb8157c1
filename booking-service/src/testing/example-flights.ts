import { gstOn, type FareBreakdown, type FlightDetail } from '@flight-booking/contracts';

const HOUR_MS = 3_600_000;

/** A fare whose tax and total follow from its parts. */
export function exampleFare(parts: Partial<FareBreakdown> = {}): FareBreakdown {
  const fare = {
    cabin: 'economy' as const,
    brand: 'saver' as const,
    base_fare_paise: 450_000,
    fuel_surcharge_paise: 50_000,
    gst_rate: 500,
    user_development_fee_paise: 43_200,
    aviation_security_fee_paise: 23_600,
    ...parts,
  };
  const gst = gstOn(fare.base_fare_paise + fare.fuel_surcharge_paise, fare.gst_rate);
  const fees = fare.user_development_fee_paise + fare.aviation_security_fee_paise;
  const total = fare.base_fare_paise + fare.fuel_surcharge_paise + gst + fees;
  return { ...fare, gst_paise: gst, total_paise: total };
}

/** What one seat of {@link exampleFare} costs. */
export const EXAMPLE_FARE_PAISE = 591_800;

/** A flight from Bengaluru on to Mumbai, two hours after {@link exampleFlight} has arrived. */
export function exampleSecondLeg(overrides: Partial<FlightDetail> = {}): FlightDetail {
  const { destination: source, arrival_time: arrival } = exampleFlight();
  const departure = Date.parse(arrival) + 2 * HOUR_MS;
  return exampleFlight({
    source,
    destination: {
      ...source,
      code: 'BOM',
      city: 'Mumbai',
      airport: 'Chhatrapati Shivaji Maharaj International Airport',
      gst_state_code: '27',
    },
    departure_time: new Date(departure).toISOString(),
    arrival_time: new Date(departure + 2 * HOUR_MS).toISOString(),
    ...overrides,
  });
}

/** A flight from Delhi to Bengaluru that leaves in a month, so that a new booking of it may be cancelled for nothing. */
export function exampleFlight(overrides: Partial<FlightDetail> = {}): FlightDetail {
  const departure = Date.now() + 30 * 24 * HOUR_MS;
  return {
    flight_id: 1,
    flight_number: 'AI503',
    airline: { code: 'AI', name: 'Air India', accounting_code: '098' },
    source: {
      code: 'DEL',
      city: 'Delhi',
      airport: 'Indira Gandhi International Airport',
      country: 'IN',
      time_zone: 'Asia/Kolkata',
      gst_state_code: '07',
      terminal: '3',
    },
    destination: {
      code: 'BLR',
      city: 'Bengaluru',
      airport: 'Kempegowda International Airport',
      country: 'IN',
      time_zone: 'Asia/Kolkata',
      gst_state_code: '29',
    },
    departure_time: new Date(departure).toISOString(),
    arrival_time: new Date(departure + 2 * HOUR_MS).toISOString(),
    duration_minutes: 120,
    aircraft_type: 'A320',
    status: 'SCHEDULED',
    fares: [exampleFare()],
    ...overrides,
  };
}
