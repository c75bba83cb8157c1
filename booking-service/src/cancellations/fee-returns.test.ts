import { randomUUID } from 'node:crypto';
import type { Service } from '@flight-booking/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BookingView } from '../bookings/booking.schemas.js';
import { BookingWorld, eventually } from '../testing/booking-world.js';
import { EXAMPLE_FARE_PAISE } from '../testing/example-flights.js';
import type { CancellationQuoteView } from './cancellation-quote.schemas.js';

let world: BookingWorld;
let service: Service;

beforeAll(async () => {
  world = await new BookingWorld().start();
  service = await world.service();
});
afterAll(() => world.stop());

const ADMIN = { userId: 1_000, role: 'admin' } as const;
/** Half of base fare and fuel surcharge of one example flight. */
const FEE_PAISE = 250_000;
const REFUND_PAISE = EXAMPLE_FARE_PAISE - FEE_PAISE;

const giveBack = (id: number, reason = 'The storm was none of your fault.', by = service) =>
  world.request<BookingView>(by, ADMIN, 'POST', `/api/bookings/${id}/refund`, { reason });

/** A booking that its customer has cancelled, and of which half of the fare was kept. */
const cancelledForFee = async (userId: number): Promise<number> => {
  const { booking_id: id } = await world.booked(service, userId);
  await world.confirm(service, id);
  await world.database.execute(
    `update bookings set created_at = now() - interval '3 days', departs_at = now() + interval '30 hours'
     where booking_id = $1`,
    [id],
  );
  const path = `/api/bookings/${id}`;
  const quoted = await world.request<CancellationQuoteView>(
    service,
    { userId },
    'GET',
    `${path}/cancellation-quote`,
  );
  const body = { quote_id: quoted.body.quote_id };
  expect((await world.request(service, { userId }, 'POST', `${path}/cancel`, body)).status).toBe(200);
  return id;
};

const feeEvents = (id: number) =>
  world.eventsToldTo(world.ticket, id).filter(({ type }) => type === 'booking.fee_returned');

/** What the newest request for a refund of a booking asked for. */
const lastRefundOf = (id: number) => world.refundsAskedFor(id).at(-1);

describe('a fee that was kept', () => {
  it('comes back when an operator says so, on top of the refund that stands', async () => {
    const id = await cancelledForFee(1);
    const { status, body } = await giveBack(id);
    expect(status).toBe(200);
    expect(body.cancellation).toMatchObject({
      cancelled_by: 'customer',
      refund: { amount: REFUND_PAISE / 100 },
      kept: { amount: 0 },
      returned_fee: { amount: FEE_PAISE / 100, reason: 'The storm was none of your fault.' },
    });
    await eventually(() => lastRefundOf(id)?.returned_fee_paise === FEE_PAISE);
    expect(lastRefundOf(id)).toMatchObject({ amount_paise: REFUND_PAISE, payment_id: body.payment_id });
    await eventually(() => feeEvents(id).length === 1);
    const [event] = feeEvents(id);
    expect(event?.data).toMatchObject({
      amount_paise: FEE_PAISE,
      reason: 'The storm was none of your fault.',
    });
    const lines = event?.data.refund_lines ?? [];
    expect(lines.reduce((sum, line) => sum + line.amount_paise, 0)).toBe(FEE_PAISE);
    expect(new Set(lines.map(({ kind }) => kind))).toEqual(new Set(['base_fare', 'fuel_surcharge']));
    await eventually(() => world.eventsOf(id).includes('booking.fee_returned'));
  });

  it('comes back once however often and by how many copies at once it is asked for', async () => {
    const id = await cancelledForFee(2);
    const copy = await world.service();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => giveBack(id, `reason ${i}`, i % 2 === 0 ? service : copy)),
    );
    answers.push(await giveBack(id, 'later'));
    expect(answers.map(({ status }) => status)).toEqual(Array(11).fill(200));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body.cancellation))).size).toBe(1);
    await eventually(() => feeEvents(id).length > 0);
    await eventually(() => lastRefundOf(id)?.returned_fee_paise === FEE_PAISE);
    const { count } = await world.database.row<{ count: number }>(
      'select count(*) from returned_fees where booking_id = $1',
      [id],
    );
    expect([count, feeEvents(id).length]).toEqual([1, 1]);
  });

  it('takes one effect under an idempotency key, and answers the same again', async () => {
    const id = await cancelledForFee(3);
    const key = randomUUID();
    const ask = () =>
      world.keyed<BookingView>(service, ADMIN, key, `/api/bookings/${id}/refund`, { reason: 'x' });
    const first = await ask();
    const again = await ask();
    expect([first.status, first.replayed, again.replayed]).toEqual([200, false, true]);
    expect(again.body).toEqual(first.body);
  });

  it('is written down as owed until payment-service was told', async () => {
    const id = await cancelledForFee(4);
    await eventually(() => world.refundsOf(id) === 1);
    world.payment.failNext(2);
    await giveBack(id);
    const followUp = () =>
      world.database.row<{ done: boolean }>(
        `select due_at >= returned_at and done_at is not null as done
         from booking_follow_ups join returned_fees using (booking_id)
         where booking_id = $1 and follow_up = 'refund-booking'`,
        [id],
      );
    await eventually(async () => {
      await world.timePasses();
      return (await followUp()).done;
    });
    expect(lastRefundOf(id)).toMatchObject({ amount_paise: REFUND_PAISE, returned_fee_paise: FEE_PAISE });
  });

  it('is due of the payment, as whoever compares the books is told', async () => {
    const id = await cancelledForFee(5);
    const { body } = await giveBack(id);
    const asked = { payment_ids: [body.payment_id] };
    const path = '/internal/bookings/payment-states';
    const states = await world.request(service, { service: 'payment-service' }, 'POST', path, asked);
    expect(states.body).toMatchObject({ payments: [{ refund_due_paise: EXAMPLE_FARE_PAISE }] });
  });

  it('is told of in the timeline', async () => {
    const id = await cancelledForFee(6);
    await giveBack(id);
    const timeline = await world.request<{ entries: { event: string; cause: string; detail: string }[] }>(
      service,
      { userId: 6 },
      'GET',
      `/api/bookings/${id}/timeline`,
    );
    expect(timeline.body.entries.filter(({ event }) => event === 'fee.returned')).toMatchObject([
      {
        cause: 'operator: The storm was none of your fault.',
        detail: '₹2,500.00 that the cancellation had kept come back.',
      },
    ]);
  });

  it('settles a refund that is stuck, which it does anew', async () => {
    const id = await cancelledForFee(7);
    await world.database.execute(
      `insert into stuck_jobs (job, payload, max_attempts, attempts, reason)
       values ('refund-booking', json_build_object('data', json_build_object('booking_id', $1::int)), 240, 240, 'away')`,
      [id],
    );
    expect((await giveBack(id)).body).not.toHaveProperty('stuck');
  });
});

describe('there is no fee to give back', () => {
  it('where nothing was kept', async () => {
    const { booking_id: id } = await world.booked(service, 10);
    await world.confirm(service, id);
    await world.request(service, { userId: 10 }, 'POST', `/api/bookings/${id}/cancel`, {});
    expect(await giveBack(id)).toMatchObject({ status: 409, body: { type: 'nothing-to-refund' } });
    expect(await world.database.rows('select from returned_fees where booking_id = $1', [id])).toEqual([]);
  });

  it('for its customer to take', async () => {
    const id = await cancelledForFee(11);
    const path = `/api/bookings/${id}/refund`;
    expect((await world.request(service, { userId: 11 }, 'POST', path, { reason: 'x' })).status).toBe(403);
  });

  it.each([
    ['of another amount', 1],
    ['of more than was kept', FEE_PAISE + 1],
  ])('%s: the database refuses it', async (_what, paise) => {
    const id = await cancelledForFee(12);
    const adding = world.database.execute(
      `insert into returned_fees (booking_id, payment_id, amount_paise, reason)
       select booking_id, payment_id, $2, 'x' from bookings where booking_id = $1`,
      [id, paise],
    );
    await expect(adding).rejects.toMatchObject({ constraint: 'returned_fees_were_kept' });
  });

  it('a second time, nor can one be taken back: the database refuses it', async () => {
    const id = await cancelledForFee(13);
    await giveBack(id);
    const again = `insert into returned_fees (booking_id, payment_id, amount_paise, reason)
      select booking_id, payment_id, amount_paise, 'again' from returned_fees where booking_id = ${id}`;
    await expect(world.database.execute(again)).rejects.toMatchObject({ constraint: 'returned_fees_pkey' });
    for (const change of ['update returned_fees set reason = $$x$$', 'delete from returned_fees'])
      await expect(world.database.execute(change)).rejects.toMatchObject({
        constraint: 'returned_fees_append_only',
      });
  });
});
