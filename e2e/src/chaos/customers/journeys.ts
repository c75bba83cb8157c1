import { setTimeout as sleep } from 'node:timers/promises';
import type { BookingTold, Shopper, Wish } from './shopper.js';

/** What a customer sets out to do. Answers how it went, in a word, for the report. */
export interface Journey {
  readonly name: string;
  /** How often it is chosen, against the others. */
  readonly weight: number;
  readonly go: (shopper: Shopper) => Promise<string>;
}

/** Longer than any booking of a run may wait for its payment. */
const LATER_MS = 13_000;
/** After this a booking that nobody paid has expired, and everybody has been told so. */
const EXPIRED_AFTER_MS = 10_500;

/** Buys, has the ticket as a rule, and now and then cancels. */
async function buy(shopper: Shopper, wish: Wish, code?: string): Promise<string> {
  const lock = await shopper.lock(wish);
  if (lock.outcome !== 'ok') return lock.outcome === 'refused' ? 'no seat' : 'unknown';
  await shopper.think(300);
  const booking = await shopper.book(wish, lock.answer.lock_id, code);
  if (booking === undefined) return 'not booked';
  await shopper.think(300);
  const paid = await shopper.pay(booking);
  if (paid !== 'paid') return paid;
  if (shopper.random.chance(0.75)) await shopper.ticket(booking.booking_id);
  if (!shopper.random.chance(0.45)) return 'bought';
  await shopper.think(500);
  const cancelled = await shopper.cancel(booking.booking_id);
  return cancelled.outcome === 'ok' ? 'cancelled' : 'bought';
}

/** Locks and books, and goes on with the booking if there is one. */
async function withBooking(
  shopper: Shopper,
  wish: Wish,
  go: (booking: BookingTold) => Promise<string>,
): Promise<string> {
  const lock = await shopper.lock(wish);
  if (lock.outcome !== 'ok') return 'no seat';
  const booking = await shopper.book(wish, lock.answer.lock_id);
  return booking === undefined ? 'not booked' : go(booking);
}

/** Every journey that customers make. */
export const JOURNEYS: readonly Journey[] = [
  {
    name: 'search',
    weight: 8,
    go: async (shopper) => {
      const date = new Date(Date.now() + shopper.random.between(2, 4) * 86_400_000)
        .toISOString()
        .slice(0, 10);
      const path = `/api/flights/search?source=DEL&destination=BLR&date=${date}`;
      const found = await shopper.client.ask({ action: 'other', path });
      await shopper.client.ask({
        action: 'other',
        path: `/api/seats/${shopper.random.pick(shopper.world.flights)}`,
      });
      return found.outcome === 'ok' ? 'seen' : 'unknown';
    },
  },
  { name: 'buy', weight: 12, go: (shopper) => buy(shopper, shopper.anySeats()) },
  { name: 'last seat', weight: 16, go: (shopper) => buy(shopper, shopper.hotSeat()) },
  {
    name: 'connection',
    weight: 4,
    go: (shopper) =>
      buy(shopper, { flight_ids: [...shopper.random.pick(shopper.world.connections)], num_seats: 1 }),
  },
  {
    name: 'discount',
    weight: 8,
    go: (shopper) => buy(shopper, shopper.anySeats(), shopper.random.pick(shopper.world.codes)),
  },
  {
    name: 'doomed flight',
    weight: 6,
    go: async (shopper) =>
      shopper.world.doomedFlights.length === 0
        ? 'none'
        : buy(shopper, { flight_id: shopper.random.pick(shopper.world.doomedFlights), num_seats: 1 }),
  },
  {
    name: 'double click',
    weight: 7,
    go: async (shopper) => {
      const wish = shopper.anySeats();
      const lock = await shopper.lock(wish);
      if (lock.outcome !== 'ok') return 'no seat';
      const question = shopper.bookingQuestion(wish, lock.answer.lock_id);
      const answers = await Promise.all([shopper.client.insist(question), shopper.client.insist(question)]);
      const booked = answers.find(({ outcome }) => outcome === 'ok');
      return booked === undefined ? 'not booked' : shopper.pay(booked.answer);
    },
  },
  {
    name: 'two tabs',
    weight: 7,
    go: (shopper) =>
      withBooking(shopper, shopper.anySeats(), async (booking) => {
        const [first, second] = await Promise.all([shopper.pay(booking), shopper.pay(booking)]);
        return first === 'paid' ? first : second;
      }),
  },
  {
    name: 'abandoned lock',
    weight: 4,
    go: async (shopper) => {
      const lock = await shopper.lock(shopper.random.chance(0.5) ? shopper.hotSeat() : shopper.anySeats());
      if (lock.outcome !== 'ok') return 'no seat';
      await shopper.think(1_000);
      if (shopper.random.chance(0.5)) await shopper.unlock(lock.answer.lock_id);
      return 'left';
    },
  },
  {
    name: 'abandoned booking',
    weight: 5,
    go: (shopper) =>
      withBooking(
        shopper,
        shopper.random.chance(0.5) ? shopper.hotSeat() : shopper.anySeats(),
        async (booking) => {
          if (shopper.random.chance(0.5)) return 'left';
          await shopper.think(LATER_MS);
          return shopper.pay(booking);
        },
      ),
  },
  {
    name: 'too late',
    weight: 2,
    go: (shopper) =>
      withBooking(shopper, shopper.anySeats(), async (booking) => {
        await sleep(EXPIRED_AFTER_MS);
        await shopper.cancel(booking.booking_id);
        return 'cancelled or not';
      }),
  },
  {
    name: 'second thoughts',
    weight: 6,
    go: (shopper) =>
      withBooking(shopper, shopper.anySeats(), async (booking) => {
        const { random } = shopper;
        // In one tab the customer pays, in another they cancel.
        const paying = random.chance(0.6) ? shopper.pay(booking) : Promise.resolve('unpaid');
        await shopper.think(random.chance(0.5) ? 100 : LATER_MS);
        if (random.chance(0.6)) await shopper.cancelTwice(booking.booking_id);
        else await shopper.cancel(booking.booking_id);
        await paying;
        return 'cancelled';
      }),
  },
];
