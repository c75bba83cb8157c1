import { dateInDays } from '../api/customer.js';

/**
 * A body of the right form for every operation that takes one. The refusal tests bend it field by field, so an
 * operation without an example here fails them.
 */
export const exampleBodies: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  signUp: { name: 'Asha Sharma', email: 'example@example.com', password: 'secret-1' },
  logIn: { email: 'example@example.com', password: 'secret-1' },
  refreshSession: { refresh_token: 'a-refresh-token-that-nobody-has-issued-000000' },
  logOut: { refresh_token: 'a-refresh-token-that-nobody-has-issued-000000' },
  lockSeats: { flight_id: 1, num_seats: 1 },
  validateDiscount: { code: 'FLY50', amount: 5_000 },
  createBooking: {
    flight_id: 1,
    num_seats: 1,
    passengers: [{ name: 'Asha Sharma', age: 30, email: 'asha@example.com' }],
    brand: 'saver',
    shown_fares: [{ flight_id: 1, total: { amount: 5_918, currency: 'INR' } }],
  },
  cancelBooking: { reason: 'plans changed' },
  initiatePayment: { booking_id: 999_999_999, amount: 5_000, payment_method: 'tok_success' },
  refundPayment: { reason: 'goodwill' },
  refundBookingAsOperator: { reason: 'goodwill' },
  receivePaymentWebhook: {
    event_id: 'an-event',
    type: 'payment.captured',
    created_at: '2026-11-23T06:00:00.000Z',
    charge_id: 'a-charge',
    idempotency_key: 'a-key-that-nobody-has-used',
    amount_paise: 500_000,
    currency: 'INR',
  },
  generateTicket: { booking_id: 999_999_999 },
  addFlight: {
    airline: 'AI',
    flight_number: 'AI4321',
    source: 'DEL',
    destination: 'BOM',
    departure_time: `${dateInDays(9)}T06:00:00+05:30`,
    arrival_time: `${dateInDays(9)}T08:15:00+05:30`,
    aircraft_type: 'A320',
    fares: { economy: { base_fare: 4_500, fuel_surcharge: 500 } },
  },
  setFares: { economy: { base_fare: 4_500, fuel_surcharge: 500 } },
  cancelFlight: { reason: 'fog' },
  createDiscount: { code: 'EXAMPLE10', description: '10 % off', type: 'percent', percent: 10 },
  sendNotification: { message: 'Hello', channel: 'email', subject: 'Greetings' },
};

/** Queries of the right form for operations that need one, by operation. */
export const exampleQueries: Readonly<Record<string, string>> = {
  searchFlights: `?source=DEL&destination=BLR&date=${dateInDays(5)}`,
  findAirports: '?q=del',
};
