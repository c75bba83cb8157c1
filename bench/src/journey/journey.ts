import { setTimeout as sleep } from 'node:timers/promises';
import { figuresOf, type Figures } from '../measure/figures.js';
import { withCost } from '../measure/turns.js';
import { Refused, type Body, type Customer } from '../stack/customer.js';
import { searchPath, type TravelDay } from '../stack/routes.js';

const SEATS = 2;
const CONFLICT = 409;
const MS_PER_SECOND = 1_000;
const LOOKS_EVERY_MS = 250;
const LOOKS_FOR_MS = 60_000;

/** What a journey got. */
export interface Ticketed {
  readonly bookingId: number;
  readonly pnr: string;
  readonly flightId: number;
  readonly seatNumbers: readonly string[];
}

/**
 * From a search to a ticket, as the public contract has it: five requests. Two customers may want the same seats or
 * the last of a flight; whoever is refused begins anew with the next day.
 */
export async function travel(customer: Customer, days: () => TravelDay): Promise<Ticketed> {
  for (;;) {
    const flightId = await cheapestFlight(customer, days());
    if (flightId === undefined) continue;
    const offer = { flight_id: flightId, num_seats: SEATS };
    let seatNumbers: string[];
    try {
      seatNumbers = (await customer.post('/api/seats/lock', offer)).seats;
    } catch (error) {
      if (error instanceof Refused && error.status === CONFLICT) continue;
      throw error;
    }
    const booking = await customer.post('/api/bookings/create', offer);
    const payment = { booking_id: booking.booking_id, amount: booking.amount_due };
    const paid = await customer.post('/api/payments/initiate', payment);
    if (paid.booking_status !== 'CONFIRMED') await confirmed(customer, booking.booking_id);
    await customer.post('/api/tickets/generate', { booking_id: booking.booking_id });
    return { bookingId: booking.booking_id, pnr: booking.pnr, flightId, seatNumbers };
  }
}

/** A payment that takes long is answered before its booking is confirmed, and the customer looks until it is. */
async function confirmed(customer: Customer, bookingId: number): Promise<void> {
  const givesUpAt = performance.now() + LOOKS_FOR_MS;
  for (;;) {
    const { status } = await customer.get(`/api/bookings/${bookingId}`);
    if (status === 'CONFIRMED') return;
    if (performance.now() > givesUpAt) throw new Error(`Booking ${bookingId} is still ${status}.`);
    await sleep(LOOKS_EVERY_MS);
  }
}

async function cheapestFlight(customer: Customer, day: TravelDay): Promise<number | undefined> {
  const more = `&max_stops=0&limit=5&passengers=${SEATS}`;
  const { itineraries } = await customer.get(searchPath(day, more));
  const [first] = itineraries.map(({ legs }: Body) => legs[0].flight_id);
  return first;
}

/** What a turn of journeys brought. */
export interface JourneyTurn extends Figures {
  /** Of bookings that got their ticket. */
  readonly bookingIds: readonly number[];
  /** What journeys ended with that got none. */
  readonly failures: readonly unknown[];
}

/** Customers who travel at once, each beginning again as soon as there is a ticket. */
export async function travelTogether(
  customers: readonly Customer[],
  days: () => TravelDay,
  seconds: number,
  pids: () => readonly number[],
): Promise<JourneyTurn> {
  return withCost(pids, async () => {
    const bookingIds: number[] = [];
    const failures: unknown[] = [];
    const durations: number[] = [];
    const startedAt = performance.now();
    const endsAt = startedAt + seconds * MS_PER_SECOND;
    await Promise.all(
      customers.map(async (customer) => {
        while (performance.now() < endsAt) {
          const beganAt = performance.now();
          try {
            bookingIds.push((await travel(customer, days)).bookingId);
            durations.push(performance.now() - beganAt);
          } catch (error) {
            failures.push(error);
          }
        }
      }),
    );
    const elapsed = (performance.now() - startedAt) / MS_PER_SECOND;
    return { figures: { ...figuresOf(durations, elapsed), bookingIds, failures }, count: durations.length };
  });
}

/** The same where every journey has to succeed. @throws what the first of the others ended with */
export async function travelWell(...together: Parameters<typeof travelTogether>): Promise<Figures> {
  const turn = await travelTogether(...together);
  if (turn.failures.length > 0) throw turn.failures[0];
  return turn;
}

/** Gives days by turns. */
export function dayAfterDay(days: readonly TravelDay[]): () => TravelDay {
  let count = 0;
  return () => days[(count += 1) % days.length] as TravelDay;
}
