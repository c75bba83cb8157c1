import type { BookingDetail, FlightDetail, PriceLineDetail } from '@flight-booking/contracts';

/** DEL 07:10 to BOM 09:25 by Indian clocks. */
export const delhiToMumbai: FlightDetail = {
  flight_id: 7,
  flight_number: 'AI865',
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
    code: 'BOM',
    city: 'Mumbai',
    airport: 'Chhatrapati Shivaji Maharaj International Airport',
    country: 'IN',
    time_zone: 'Asia/Kolkata',
    gst_state_code: '27',
    terminal: '2',
  },
  departure_time: '2027-01-15T01:40:00Z',
  arrival_time: '2027-01-15T03:55:00Z',
  duration_minutes: 135,
  aircraft_type: 'A320',
  status: 'SCHEDULED',
  fares: [],
};

/** BOM 23:50 to DXB 01:30 of the next day, each by its own clocks. */
export const mumbaiToDubai: FlightDetail = {
  ...delhiToMumbai,
  flight_id: 8,
  flight_number: '6E1451',
  airline: { code: '6E', name: 'IndiGo', accounting_code: '312' },
  source: delhiToMumbai.destination,
  destination: {
    code: 'DXB',
    city: 'Dubai',
    airport: 'Dubai International Airport',
    country: 'AE',
    time_zone: 'Asia/Dubai',
    terminal: '1',
  },
  departure_time: '2027-01-15T18:20:00Z',
  arrival_time: '2027-01-15T21:30:00Z',
  duration_minutes: 190,
};

/** The worked example of one passenger on one flight: ₹5,918.00 with ₹5,000 taxable at 5 %. */
export function exampleLines(flightId: number, passengers = 1): PriceLineDetail[] {
  const line = (kind: PriceLineDetail['kind'], description: string, paise: number): PriceLineDetail => ({
    flight_id: flightId,
    kind,
    description,
    quantity: passengers,
    amount_paise: paise * passengers,
  });
  return [
    line('base_fare', 'Base fare', 450_000),
    line('fuel_surcharge', 'Fuel surcharge', 50_000),
    { ...line('gst', 'GST 5 %', 25_000), tax_rate: 500 },
    line('user_development_fee', 'User development fee', 43_200),
    line('aviation_security_fee', 'Aviation security fee', 23_600),
  ];
}

/** What somebody pays per flight of {@link exampleLines}. */
export const EXAMPLE_FARE_PAISE = 591_800;

const SEAT_LETTERS = 'ABCDEFGHJ';

/** A booking that is paid; `overrides` replace whole fields. */
export function exampleBooking(overrides: Partial<BookingDetail> = {}): BookingDetail {
  const flights = overrides.flights ?? [delhiToMumbai];
  const passengers = overrides.passengers ?? [{ name: 'Ms Asha Sharma', age: 34, email: 'asha@example.com' }];
  return {
    booking_id: 123,
    user_id: 10,
    pnr: 'K7M2QX',
    status: 'CONFIRMED',
    created_at: '2027-01-10T05:00:00Z',
    confirmed_at: '2027-01-10T05:04:00Z',
    brand: 'saver',
    amount_due_paise: EXAMPLE_FARE_PAISE * passengers.length * flights.length,
    contact: { name: 'Asha Sharma', email: 'asha@example.com' },
    flights,
    passengers,
    seats: flights.flatMap((flight) =>
      passengers.map((_, index) => ({
        flight_id: flight.flight_id,
        seat_number: `12${SEAT_LETTERS[index]}`,
        cabin: 'economy' as const,
        passenger_index: index,
      })),
    ),
    price_lines: flights.flatMap((flight) => exampleLines(flight.flight_id, passengers.length)),
    payment_id: 55,
    ...overrides,
  };
}

/** Two passengers in economy and one in business on one flight, at the same fare. */
export function inTwoCabins(): BookingDetail {
  const passengers = [{ name: 'Ms Asha Sharma' }, { name: 'Mr Ravi Sharma' }, { name: 'Ms Mira Sharma' }];
  const inCabin = (cabin: string, count: number): PriceLineDetail[] =>
    exampleLines(delhiToMumbai.flight_id, count).map((line) =>
      line.kind === 'base_fare' ? { ...line, description: `Base fare, ${cabin}` } : line,
    );
  return exampleBooking({ passengers, price_lines: [...inCabin('economy', 2), ...inCabin('business', 1)] });
}
