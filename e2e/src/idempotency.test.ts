import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { signInAsAdministrator } from './api/administrator.js';
import type { Exchange } from './api/api-client.js';
import { newCustomer, type Customer } from './api/customer.js';
import { book, bookAndPay } from './testing/journeys.js';

const gatewayUrl = inject('gatewayUrl');
const AT_ONCE = 10;
const NEAR_HOURS = 100;

let flight: number;
let customer: Customer;
let other: Customer;

beforeAll(async () => {
  flight = await (await signInAsAdministrator(gatewayUrl, inject('admin'))).addFlight(NEAR_HOURS);
});
beforeEach(async () => {
  [customer, other] = await Promise.all([newCustomer(gatewayUrl), newCustomer(gatewayUrl)]);
});

/** A request that takes seats or money, ready to be sent any number of times. */
interface Prepared {
  readonly path: string;
  readonly body: object;
  /** A body that means something else. */
  readonly otherBody: object;
}

/** The requests that accept a key: what has to happen before each, and how often it took effect. */
const REQUESTS = {
  lock: {
    prepare: (): Promise<Prepared> =>
      Promise.resolve({
        path: '/api/seats/lock',
        body: { flight_id: flight, num_seats: 2 },
        otherBody: { flight_id: flight, num_seats: 3 },
      }),
    effects: async (by: Customer): Promise<number> => {
      const { body } = await by.api.get(`/api/seats/${flight}`);
      const mine = JSON.stringify(body).split('"mine":true').length - 1;
      return mine / 2;
    },
  },
  create: {
    prepare: async (by: Customer): Promise<Prepared> => {
      await by.lock(flight, 2);
      const body = { flight_id: flight, num_seats: 2 };
      return { path: '/api/bookings/create', body, otherBody: { ...body, discount_code: 'FLY50' } };
    },
    effects: async (by: Customer): Promise<number> =>
      (await by.api.get('/api/bookings')).body.bookings.length,
  },
  pay: {
    prepare: async (by: Customer): Promise<Prepared> => {
      const { booking_id, amount_due: amount } = await book(by, flight);
      const body = { booking_id, amount };
      return {
        path: '/api/payments/initiate',
        body,
        otherBody: { ...body, payment_method: 'tok_declined' },
      };
    },
    effects: async (by: Customer): Promise<number> =>
      (await by.api.get('/api/payments')).body.payments.length,
  },
  cancel: {
    prepare: async (by: Customer): Promise<Prepared> => {
      const { booking } = await bookAndPay(by, flight);
      const { body: quote } = await by.quoteCancellation(booking.booking_id);
      const body = { quote_id: quote.quote_id };
      return {
        path: `/api/bookings/${booking.booking_id}/cancel`,
        body,
        otherBody: { ...body, reason: 'fog' },
      };
    },
    effects: async (by: Customer): Promise<number> => {
      const { body } = await by.api.get('/api/bookings?status=CANCELLED');
      return body.bookings.length;
    },
  },
} as const;

const send = (by: Customer, path: string, body: object, key: string): Promise<Exchange> =>
  by.api.post(path, body, { headers: { 'idempotency-key': key } });
const isReplay = ({ headers }: Exchange): boolean => headers.get('idempotency-replayed') === 'true';

describe.each(Object.entries(REQUESTS))('a keyed request: %s', (_name, { prepare, effects }) => {
  it('takes effect once, and says the same when it is sent again', async () => {
    const { path, body } = await prepare(customer);
    const key = randomUUID();
    const first = await send(customer, path, body, key);
    const again = await send(customer, path, body, key);
    expect(first.status).toBeLessThan(300);
    expect([isReplay(first), isReplay(again)]).toEqual([false, true]);
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(await effects(customer)).toBe(1);
  });

  it('sent ten times at once takes effect once; the others wait or hear the same', async () => {
    const { path, body } = await prepare(customer);
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => send(customer, path, body, key)));
    const [made, ...more] = answers.filter((answer) => answer.status < 300 && !isReplay(answer));
    expect(more).toEqual([]);
    for (const answer of answers.filter((one) => one !== made)) {
      const expected = isReplay(answer)
        ? [made?.status, made?.body]
        : [409, expect.objectContaining({ type: 'idempotency-key-in-use' })];
      expect([answer.status, answer.body]).toEqual(expected);
    }
    expect(await effects(customer)).toBe(1);
  });

  it('is refused with another body, and that changes nothing', async () => {
    const { path, body, otherBody } = await prepare(customer);
    const key = randomUUID();
    await send(customer, path, body, key);
    const reused = await send(customer, path, otherBody, key);
    expect([reused.status, reused.body.type]).toEqual([422, 'idempotency-key-reused']);
    expect(await effects(customer)).toBe(1);
  });

  it('of another customer with the same key is a request of its own', async () => {
    const [mine, theirs] = await Promise.all([prepare(customer), prepare(other)]);
    const key = randomUUID();
    const first = await send(customer, mine.path, mine.body, key);
    const second = await send(other, theirs.path, theirs.body, key);
    expect([first.status < 300, second.status, isReplay(second)]).toEqual([true, first.status, false]);
    expect([await effects(customer), await effects(other)]).toEqual([1, 1]);
  });
});

describe('a refusal under a key', () => {
  it('that may pass is not remembered: seats that became free are locked by the same request', async () => {
    const { body: held } = await other.lock(flight, 1);
    const body = { flight_id: flight, seats: held.seats };
    const key = randomUUID();
    const refused = await send(customer, '/api/seats/lock', body, key);
    expect([refused.status, refused.body.type]).toEqual([409, 'seats-unavailable']);
    await other.api.request('DELETE', `/api/seats/lock/${held.lock_id}`);
    const locked = await send(customer, '/api/seats/lock', body, key);
    expect([locked.status, isReplay(locked)]).toEqual([201, false]);
  });

  it('that stands is remembered: a declined payment is not tried a second time', async () => {
    const { booking_id, amount_due: amount } = await book(customer, flight);
    const body = { booking_id, amount, payment_method: 'tok_declined' };
    const key = randomUUID();
    const declined = await send(customer, '/api/payments/initiate', body, key);
    const again = await send(customer, '/api/payments/initiate', body, key);
    expect([declined.status, again.status, isReplay(again)]).toEqual([402, 402, true]);
    expect(again.body).toEqual(declined.body);
    expect(await customer.payments(booking_id)).toHaveLength(1);
  });
});

describe('a customer who clicks twice on everything', () => {
  /** Sends a request twice at once, and again while it is told to wait; both must hear the same in the end. */
  const doubleClick = async (path: string, body: object): Promise<Exchange['body']> => {
    const key = randomUUID();
    const click = async (): Promise<Exchange> => {
      for (;;) {
        const answer = await send(customer, path, body, key);
        if (answer.body.type !== 'idempotency-key-in-use') return answer;
      }
    };
    const [one, two] = await Promise.all([click(), click()]);
    expect([one.status, two.status, two.body]).toEqual([201, 201, one.body]);
    return one.body;
  };

  it('has one booking, one charge and one ticket', async () => {
    await doubleClick('/api/seats/lock', { flight_id: flight, num_seats: 1 });
    const booking = await doubleClick('/api/bookings/create', { flight_id: flight, num_seats: 1 });
    const { booking_id, amount_due: amount } = booking;
    await doubleClick('/api/payments/initiate', { booking_id, amount });
    const tickets = await Promise.all([customer.ticket(booking_id), customer.ticket(booking_id)]);
    expect(new Set(tickets.map(({ status }) => status))).toEqual(new Set([200, 201]));
    expect(tickets[0]?.body).toEqual(tickets[1]?.body);
    expect((await customer.api.get('/api/bookings')).body.bookings).toHaveLength(1);
    expect(await customer.payments(booking_id)).toMatchObject([{ status: 'SUCCEEDED', amount }]);
    const numbers = (await customer.timeline(booking_id)).map(({ event }) => event);
    expect(numbers.filter((event) => event === 'ticket.issued')).toHaveLength(1);
  });
});
