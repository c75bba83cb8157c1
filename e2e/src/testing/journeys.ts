import { patiently } from '@flight-booking/local-stack/testing';
import { withStatus, type Exchange } from '../api/api-client.js';
import type { Customer } from '../api/customer.js';

/** What of a booking the tests go on from. */
export interface JourneyBooking {
  readonly booking_id: number;
  readonly amount_due: number;
  readonly pnr: string;
  readonly seats: readonly { readonly seat_number: string }[];
}

/** A booking that its customer has paid for. */
export interface PaidJourney {
  readonly booking: JourneyBooking;
  readonly payment: Exchange['body'];
}

/** Nine services have to answer what is asked meanwhile. */
const LOOK_AGAIN_MS = 100;

/**
 * Reads until a check of what was read passes. Unlike `expect.poll` it may stand in tests that run beside one another
 * and in what prepares them.
 */
export const eventually = <Value>(read: () => Promise<Value>, check: (value: Value) => void): Promise<void> =>
  patiently(async () => check(await read()), LOOK_AGAIN_MS);

const PAISE_PER_RUPEE = 100;

/** Rupees in paise, so that amounts can be added and compared exactly. */
export const inPaise = (rupees: number): number => Math.round(rupees * PAISE_PER_RUPEE);

/** Locks seats of a flight and books them. */
export async function book(
  customer: Customer,
  flightId: number,
  seats = 1,
  more: object = {},
): Promise<JourneyBooking> {
  withStatus(await customer.lock(flightId, seats), 201);
  return withStatus(await customer.book(flightId, seats, more), 201).body;
}

/** Locks, books and pays. */
export async function bookAndPay(
  customer: Customer,
  flightId: number,
  seats = 1,
  more: { readonly discount_code?: string; readonly payment_method?: string } = {},
): Promise<PaidJourney> {
  const { payment_method, ...wishes } = more;
  const booking = await book(customer, flightId, seats, wishes);
  const method = payment_method === undefined ? {} : { payment_method };
  const answer = await customer.pay(booking.booking_id, booking.amount_due, method);
  return { booking, payment: withStatus(answer, 201).body };
}

/** Locks, books, pays and has the ticket. */
export async function bookToTicket(
  customer: Customer,
  flightId: number,
  seats = 1,
  more: { readonly discount_code?: string } = {},
): Promise<PaidJourney & { readonly ticket: Exchange['body'] }> {
  const journey = await bookAndPay(customer, flightId, seats, more);
  return { ...journey, ticket: withStatus(await customer.ticket(journey.booking.booking_id), 201).body };
}

/** From the lock to the ticket in a stack that may be failing: the status of the first step that fails, or of the last. */
export async function journeyStatus(customer: Customer, flightId: number): Promise<number> {
  const lock = await customer.lock(flightId);
  if (lock.status !== 201) return lock.status;
  const { status, body: booking } = await customer.book(flightId);
  if (status !== 201) return status;
  const payment = await customer.pay(booking.booking_id, booking.amount_due);
  if (payment.status !== 201) return payment.status;
  return (await customer.ticket(booking.booking_id)).status;
}
