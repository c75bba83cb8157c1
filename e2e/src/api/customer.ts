import { randomUUID } from 'node:crypto';
import { ApiClient, withStatus, type Exchange, type RequestOptions } from './api-client.js';

const DAY_MS = 86_400_000;
/** Dates of searches are local dates in India, whatever zone this machine is in. */
const INDIA_OFFSET_MS = 5.5 * 3_600_000;

/** The date so many days from now, as Indian airports count days. */
export const dateInDays = (days: number): string =>
  new Date(Date.now() + INDIA_OFFSET_MS + days * DAY_MS).toISOString().slice(0, 10);

/** A customer who books as the public contract describes it, one request a step. */
export class Customer {
  readonly api: ApiClient;
  readonly email = `asha.${randomUUID().slice(0, 8)}@example.com`;
  readonly password = `pass-${randomUUID().slice(0, 8)}`;
  userId = 0;

  constructor(
    baseUrl: string,
    onExchange?: (exchange: Exchange) => void,
    readonly name = 'Asha Sharma',
  ) {
    this.api = new ApiClient(baseUrl, onExchange);
  }

  async signUp(): Promise<Exchange> {
    const { name, email, password } = this;
    const answer = await this.api.post('/api/auth/signup', { name, email, password });
    this.userId = answer.body.userId;
    this.api.token = answer.body.token;
    return answer;
  }

  search(source: string, destination: string, date: string, more = ''): Promise<Exchange> {
    return this.api.get(
      `/api/flights/search?source=${source}&destination=${destination}&date=${date}${more}`,
    );
  }

  lock(flightId: number, seats = 1, options?: RequestOptions): Promise<Exchange> {
    const body = { flight_id: flightId, user_id: this.userId, num_seats: seats };
    return this.api.post('/api/seats/lock', body, options);
  }

  book(flightId: number, seats = 1, more: object = {}, options?: RequestOptions): Promise<Exchange> {
    const body = { flight_id: flightId, user_id: this.userId, num_seats: seats, ...more };
    return this.api.post('/api/bookings/create', body, options);
  }

  pay(bookingId: number, amount: number, more: object = {}, options?: RequestOptions): Promise<Exchange> {
    return this.api.post('/api/payments/initiate', { booking_id: bookingId, amount, ...more }, options);
  }

  ticket(bookingId: number, options?: RequestOptions): Promise<Exchange> {
    return this.api.post('/api/tickets/generate', { booking_id: bookingId }, options);
  }

  quoteCancellation(bookingId: number): Promise<Exchange> {
    return this.api.get(`/api/bookings/${bookingId}/cancellation-quote`);
  }

  cancel(bookingId: number, more: object = {}): Promise<Exchange> {
    return this.api.post(`/api/bookings/${bookingId}/cancel`, more);
  }

  /** Asks what cancelling gives back and confirms just that. */
  async cancelAsQuoted(bookingId: number): Promise<Exchange> {
    const quote = withStatus(await this.quoteCancellation(bookingId), 200);
    return this.cancel(bookingId, { quote_id: quote.body.quote_id });
  }

  booking(bookingId: number): Promise<Exchange> {
    return this.api.get(`/api/bookings/${bookingId}`);
  }

  /** The payments of a booking, newest first. */
  async payments(bookingId: number): Promise<Exchange['body'][]> {
    return (await this.api.get(`/api/payments?booking_id=${bookingId}`)).body.payments;
  }

  /** What happened to a booking, the oldest first. */
  async timeline(bookingId: number): Promise<Exchange['body'][]> {
    return withStatus(await this.api.get(`/api/bookings/${bookingId}/timeline`), 200).body.entries;
  }

  /** The events that messages about a booking told of. */
  async messages(bookingId: number): Promise<string[]> {
    const { body } = await this.api.get('/api/notifications?limit=100');
    return body.notifications
      .filter((message: { booking_id?: number }) => message.booking_id === bookingId)
      .map(({ event }: { event: string }) => event);
  }
}

/** A customer with an account. */
export async function newCustomer(
  baseUrl: string,
  onExchange?: (exchange: Exchange) => void,
): Promise<Customer> {
  const customer = new Customer(baseUrl, onExchange);
  const answer = await customer.signUp();
  if (answer.status !== 201)
    throw new Error(`Signing up was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return customer;
}
