import { dayAfterDay, travel } from '../journey/journey.js';
import type { BenchStack } from '../stack/bench-stack.js';
import { Customer } from '../stack/customer.js';
import { travelDays } from '../stack/routes.js';

const DISCOUNT = 'FLY50';

/** All that customers commonly ask for, so that every statement of a hot path is sent at least once. */
export async function lookAround(bench: BenchStack): Promise<void> {
  const customer = await Customer.signUp(bench.gateway);
  const { email, password } = customer;
  await customer.post('/api/auth/login', { email, password });
  const days = dayAfterDay(await travelDays(bench.stack.postgresUrl('flight-search-service'), 20, 3));
  const { bookingId, flightId } = await travel(customer, days);
  const flight = { flight_id: flightId, num_seats: 1 };
  await customer.post('/api/seats/lock', flight);
  const discounted = await customer.post('/api/bookings/create', { ...flight, discount_code: DISCOUNT });
  await customer.post('/api/discounts/validate', { code: DISCOUNT, amount: 5_000 });
  for (const path of [
    `/api/flights/${flightId}`,
    `/api/seats/${flightId}`,
    `/api/bookings/${bookingId}`,
    `/api/bookings/${bookingId}/timeline`,
    `/api/bookings/${bookingId}/cancellation-quote`,
    '/api/bookings',
    '/api/bookings?status=TICKETED',
    `/api/payments?booking_id=${bookingId}`,
    '/api/payments',
    '/api/notifications',
    '/api/auth/me',
  ])
    await customer.get(path);
  const quote = await customer.get(`/api/bookings/${bookingId}/cancellation-quote`);
  await customer.post(`/api/bookings/${bookingId}/cancel`, { quote_id: quote.quote_id });
  await customer.post(`/api/bookings/${discounted.booking_id}/cancel`, {});
}
