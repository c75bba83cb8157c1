import type { Service } from '@flight-booking/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BookingWorld, eventually } from '../testing/booking-world.js';
import { exampleFlight } from '../testing/example-flights.js';

let world: BookingWorld;
let service: Service;

beforeAll(async () => {
  world = await new BookingWorld().start();
  service = await world.service();
});
afterAll(() => world.stop());

const run = (statement: string, values: unknown[] = []) => world.database.execute(statement, values);

const queued = async (job: string): Promise<number> => {
  const { count } = await world.database.row<{ count: number }>(
    'select count(*) from graphile_worker.jobs where task_identifier = $1',
    [job],
  );
  return count;
};

/** How often the watch has added jobs of a kind again, as it tells Prometheus. */
const repaired = async (job: string): Promise<number> => {
  const { body } = await world.request<Buffer>(service, undefined, 'GET', '/metrics');
  const line = new RegExp(`^bookings_repaired_total\\{[^}]*job="${job}"[^}]*\\} (\\d+)$`, 'm');
  return Number(line.exec(body.toString())?.[1] ?? 0);
};

/** Lets the watch make its round, as it does every minute. */
const watch = async () => {
  await run(
    `select graphile_worker.add_job('watch-bookings', '{"data": {}, "request_id": "watch", "trace_id": "watch"}')`,
  );
  await eventually(async () => (await queued('watch-bookings')) === 0);
};

/** Takes what was done for a booking out of the books, and its jobs out of the queue, as if they had been lost. */
const lose = async (bookingId: number) => {
  await eventually(async () => (await queuedAbout(bookingId)) === 0);
  await run('update booking_follow_ups set done_at = null where booking_id = $1', [bookingId]);
  await age(bookingId);
};

/** Jobs that are due now; a booking's deadline lies ahead. */
const queuedAbout = async (bookingId: number): Promise<number> => {
  const { count } = await world.database.row<{ count: number }>(
    `select count(*) from graphile_worker._private_jobs
     where payload #>> '{data,booking_id}' = $1::text and run_at <= now()`,
    [bookingId],
  );
  return count;
};

const age = (bookingId: number) =>
  run(
    `update booking_follow_ups set due_at = due_at - interval '2 minutes', done_at = done_at - interval '2 minutes'
     where booking_id = $1`,
    [bookingId],
  );

const paid = async (userId: number, wish: object = {}): Promise<number> => {
  const { booking_id: id, amount_due: due } = await world.booked(service, userId, wish);
  await world.confirm(service, id, undefined, Math.round(due * 100));
  return id;
};

const owed = async (bookingId: number): Promise<string[]> => {
  const rows = await world.database.rows<{ job: string }>(
    'select follow_up as job from booking_follow_ups where booking_id = $1 and done_at is null order by 1',
    [bookingId],
  );
  return rows.map(({ job }) => job);
};

describe('the watch over bookings', () => {
  it('finds nothing while every job does its work, however late', async () => {
    const lapsed = await world.booked(service, 1, { discount_code: 'FLY50' });
    const redeemed = await paid(1, { discount_code: 'FLY50' });
    const cancelled = await paid(1, { discount_code: 'FLY50' });
    world.seats.stub.failNext(2);
    await world.request(service, { userId: 1 }, 'POST', `/api/bookings/${cancelled}/cancel`, {});
    for (const id of [lapsed.booking_id, redeemed, cancelled]) await age(id);
    await watch();
    for (const id of [lapsed.booking_id, redeemed, cancelled])
      await eventually(async () => (await owed(id)).length === 0);
    await watch();
    for (const job of [
      'release-seats',
      'settle-redemption',
      'refund-booking',
      'meet-deadline',
      'decide-payment',
    ])
      expect(await repaired(job)).toBe(0);
  });

  it('has the redemption of a paid booking settled that nothing settled', async () => {
    const id = await paid(2, { discount_code: 'FLY50' });
    await eventually(() => world.discounts.redemptions.get(id) === 'REDEEMED');
    await lose(id);
    world.discounts.redemptions.set(id, 'HELD');
    await watch();
    await eventually(() => world.discounts.redemptions.get(id) === 'REDEEMED');
    await eventually(async () => (await owed(id)).length === 0);
    expect(await repaired('settle-redemption')).toBe(1);
  });

  it('has the seats of a cancelled booking freed and its money given back, once in two rounds at once', async () => {
    const id = await paid(3);
    await world.request(service, { userId: 3 }, 'POST', `/api/bookings/${id}/cancel`, {});
    await eventually(() => world.refundsOf(id) === 1);
    await lose(id);
    await Promise.all([watch(), watch()]);
    await eventually(() => world.refundsOf(id) === 2);
    await eventually(async () => (await owed(id)).length === 0);
    expect(await repaired('release-seats')).toBe(1);
    expect(await repaired('refund-booking')).toBe(1);
  });

  it('leaves alone what waits for an operator', async () => {
    const id = await paid(4, { discount_code: 'FLY50' });
    await eventually(() => world.discounts.redemptions.get(id) === 'REDEEMED');
    await lose(id);
    await run(
      `insert into stuck_jobs (job, payload, max_attempts, attempts, reason)
       values ('settle-redemption', json_build_object('data', json_build_object('booking_id', $1::bigint)), 1, 1, 'x')`,
      [id],
    );
    const before = await repaired('settle-redemption');
    await watch();
    expect(await repaired('settle-redemption')).toBe(before);
    expect(await owed(id)).toEqual(['settle-redemption']);
  });

  it('expires a booking whose deadline was missed', async () => {
    const { booking_id: id } = await world.booked(service, 5);
    await run(`select graphile_worker.remove_job('deadline:' || pnr) from bookings where booking_id = $1`, [
      id,
    ]);
    await run(`update bookings set expires_at = now() - interval '30 seconds' where booking_id = $1`, [id]);
    await watch();
    expect(await world.statusOf(id)).toBe('PENDING');
    await run(`update bookings set expires_at = now() - interval '2 minutes' where booking_id = $1`, [id]);
    await watch();
    await eventually(async () => (await world.statusOf(id)) === 'EXPIRED');
    expect(await repaired('meet-deadline')).toBe(1);
  });

  it('decides a payment that nobody decides', async () => {
    const { booking_id: id, amount_due: due } = await world.booked(service, 6);
    await run(
      `insert into booking_payments (payment_id, booking_id, amount_paise, received_at)
       values (61, $1, $2, now() - interval '2 minutes')`,
      [id, Math.round(due * 100)],
    );
    await watch();
    await eventually(async () => (await world.statusOf(id)) === 'CONFIRMED');
    expect(await repaired('decide-payment')).toBe(1);
  });

  it('decides a payment although another one for the same booking waits for an operator', async () => {
    const { booking_id: id, amount_due: due } = await world.booked(service, 9);
    const amountPaise = Math.round(due * 100);
    await run(
      `insert into booking_payments (payment_id, booking_id, amount_paise, received_at)
       select payment_id, $1, $2, now() - interval '2 minutes' from unnest(array[91, 92]) as payment_id`,
      [id, amountPaise],
    );
    await run(
      `insert into stuck_jobs (job, payload, max_attempts, attempts, reason)
       values ('decide-payment', json_build_object('data', $1::json), 1, 1, 'x')`,
      [JSON.stringify({ booking_id: id, payment_id: 91, amount_paise: amountPaise })],
    );
    await watch();
    await eventually(async () => (await world.statusOf(id)) === 'CONFIRMED');
    const undecided = await world.database.rows<{ payment: number }>(
      'select payment_id as payment from booking_payments where booking_id = $1 and verdict is null',
      [id],
    );
    expect(undecided).toEqual([{ payment: 91 }]);
  });

  it('cancels a booking that lives on although its flight is cancelled', async () => {
    world.flights.set(70, exampleFlight({ flight_id: 70 }));
    const { booking_id: id } = await world.booked(service, 7, { flight_id: 70 });
    await run(
      `insert into cancelled_flights (flight_id, reason, recorded_at) values (70, 'fog', now() - interval '2 minutes')`,
    );
    await watch();
    await eventually(async () => (await world.statusOf(id)) === 'CANCELLED');
    expect(await repaired('cancel-for-flight')).toBe(1);
  });
});

describe('a follow-up', () => {
  it('that was begun for an earlier state leaves the new one owing it', async () => {
    const { booking_id: id } = await world.booked(service, 8, { discount_code: 'FLY50' });
    let goOn = () => {};
    let begun = false;
    world.discounts.beforeLapse = () => {
      begun = true;
      return new Promise((resolve) => (goOn = resolve));
    };
    await run(
      `with overdue as (update bookings set expires_at = now() where booking_id = $1 returning pnr)
       select graphile_worker.reschedule_jobs(array_agg(id), run_at => now())
       from graphile_worker.jobs where key = (select 'deadline:' || pnr from overdue)`,
      [id],
    );
    await eventually(() => begun);
    await run(
      `update booking_follow_ups set due_at = clock_timestamp() where booking_id = $1 and follow_up = 'settle-redemption'`,
      [id],
    );
    world.discounts.beforeLapse = async () => {};
    goOn();
    await eventually(() => world.discounts.redemptions.get(id) === 'LAPSED');
    await eventually(async () => (await queuedAbout(id)) === 0);
    expect(await owed(id)).toEqual(['settle-redemption']);
  });
});
