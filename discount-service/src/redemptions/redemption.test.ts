import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningService } from '../testing/running-service.js';
import { RedemptionRepository } from './redemption.repository.js';
import { MOVES, type RedemptionStatus } from './redemption.js';

const service = new RunningService();
let token: string;
let admin: string;
let lastBooking = 0;
let lastCode = 0;

beforeAll(async () => {
  await service.start();
  await service.startInstance();
  token = await service.issuer.serviceToken('booking-service');
  admin = await service.issuer.userToken({ userId: 1, role: 'admin' });
});
afterAll(() => service.stop());

const newBooking = () => (lastBooking += 1);

async function newCode(terms: object = {}): Promise<string> {
  const code = `CODE${(lastCode += 1)}`;
  const body = { code, description: 'Of a test', type: 'flat', amount: 100, ...terms };
  const { status } = await service.request('POST', '/api/discounts', { token: admin, body });
  expect(status).toBe(201);
  return code;
}

const take = (bookingId: number, code: string, changes: object = {}) =>
  service.request('PUT', `/internal/redemptions/${bookingId}`, {
    token,
    instance: bookingId % 2,
    body: { user_id: bookingId, code, eligible_paise: 500_000, airline_codes: ['6E'], ...changes },
  });
const confirm = (bookingId: number, instance = 0) =>
  service.request('PUT', `/internal/redemptions/${bookingId}/confirmed`, { token, instance });
const lapse = (bookingId: number, instance = 0, refused: number[] = []) =>
  service.request('PUT', `/internal/redemptions/${bookingId}/lapsed`, {
    token,
    instance,
    body: { refused_payments: refused },
  });
const hold = (bookingId: number, paymentId: number, instance = 0) =>
  service.request('PUT', `/internal/redemptions/${bookingId}/held`, {
    token,
    instance,
    body: { payment_id: paymentId },
  });
const release = (bookingId: number, instance = 0) =>
  service.request('DELETE', `/internal/redemptions/${bookingId}`, { token, instance });

/** The counters of a code, and whether they agree with the redemptions they count. */
async function usesOf(code: string): Promise<number> {
  const counts = await service.database.row<{ uses: number; customers: number; rows: number }>(
    `select uses,
       (select coalesce(sum(uses), 0) from customer_uses where code = $1)::int as customers,
       (select count(*) from redemptions where code = $1 and status in ('HELD', 'REDEEMED'))::int as rows
     from discount_codes where code = $1`,
    [code],
  );
  expect(counts).toEqual({ uses: counts.uses, customers: counts.uses, rows: counts.uses });
  return counts.uses;
}

/** The states that a booking's redemption has been in, as the database noted them. */
const historyOf = async (bookingId: number): Promise<string[]> =>
  (
    await service.database.rows<{ status: string }>(
      'select status from redemption_history where booking_id = $1 order by history_id',
      [bookingId],
    )
  ).map(({ status }) => status);

const statuses = (answers: readonly { status: number }[]) =>
  answers.reduce<Record<number, number>>(
    (seen, { status }) => ({ ...seen, [status]: (seen[status] ?? 0) + 1 }),
    {},
  );

const canMove = (from: string | undefined, to: string): boolean =>
  (MOVES[from as RedemptionStatus] as readonly string[]).includes(to);

describe('taking a use of a code', () => {
  it('answers what it takes off and counts the use', async () => {
    const code = await newCode({ type: 'percent', percent: 10, amount: undefined });
    const booking = newBooking();
    expect(await take(booking, code)).toEqual({
      status: 200,
      body: { booking_id: booking, code, discount_paise: 50_000, status: 'HELD' },
    });
    expect(await usesOf(code)).toBe(1);
  });

  it('never takes off more than the fare', async () => {
    const { body } = await take(newBooking(), await newCode(), { eligible_paise: 42 });
    expect(body.discount_paise).toBe(42);
  });

  it.each([
    [{ total_limit: 1 }, 'used_up'],
    [{ per_user_limit: 1 }, 'already_used'],
    [{ airline_code: 'AI' }, 'wrong_airline'],
    [{ minimum_amount: 5_000.01 }, 'below_minimum'],
    [{ valid_until: '2020-01-01T00:00:00Z' }, 'expired'],
    [{ valid_from: '2099-01-01T00:00:00Z' }, 'not_started'],
  ])('is refused for a code with %j once that is not met: %s', async (terms, reason) => {
    const code = await newCode(terms);
    await take(newBooking(), code, { user_id: 7 });
    const before = await usesOf(code);
    const refused = await take(newBooking(), code, { user_id: 7 });
    expect(refused).toMatchObject({ status: 422, body: { type: 'discount-not-applicable', reason } });
    expect(await usesOf(code)).toBe(before);
  });

  it('is refused for a code that nobody made and for one that is disabled', async () => {
    expect((await take(newBooking(), 'NOSUCHCODE')).body).toMatchObject({ status: 422, reason: 'unknown' });
    const code = await newCode();
    await service.request('POST', `/api/discounts/${code}/disable`, { token: admin });
    expect((await take(newBooking(), code)).body).toMatchObject({ status: 422, reason: 'disabled' });
  });

  it('takes one use for a booking that asks again, in turn and at once', async () => {
    const code = await newCode({ total_limit: 5, per_user_limit: 1 });
    const booking = newBooking();
    const answers = await Promise.all(Array.from({ length: 20 }, () => take(booking, code)));
    answers.push(await take(booking, code));
    expect(statuses(answers)).toEqual({ 200: 21 });
    expect(await usesOf(code)).toBe(1);
  });

  it('answers a booking that takes the last use by another call, between two looks of this one', async () => {
    const code = await newCode({ per_user_limit: 1 });
    const booking = newBooking();
    const wish = { bookingId: booking, userId: booking, code, eligiblePaise: 500_000 };
    let waiting: ReturnType<typeof take> | undefined;
    await service.database.transaction(async (tx) => {
      await tx.execute('lock table customer_uses in access exclusive mode');
      waiting = take(booking, code);
      await expect
        .poll(() =>
          service.database.rows(
            `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          ),
        )
        .toHaveLength(1);
      await new RedemptionRepository().take(tx, wish, 10_000);
    });
    expect(await waiting).toMatchObject({ status: 200, body: { discount_paise: 10_000 } });
    expect(await usesOf(code)).toBe(1);
  });

  it('refuses a booking that asks again on other terms', async () => {
    const [code, other] = [await newCode(), await newCode()];
    const booking = newBooking();
    await take(booking, code);
    for (const again of [
      await take(booking, other),
      await take(booking, code, { user_id: 999 }),
      await take(booking, code, { eligible_paise: 1 }),
    ]) {
      expect(again).toMatchObject({ status: 409, body: { type: 'redemption-differs' } });
    }
    expect(await usesOf(other)).toBe(0);
  });

  it.each([
    [{ eligible_paise: -1 }, 'eligible_paise'],
    [{ eligible_paise: 0.5 }, 'eligible_paise'],
    [{ airline_codes: [] }, 'airline_codes'],
    [{ user_id: undefined }, 'user_id'],
    [{ code: '' }, 'code'],
    [{ extra: true }, 'extra'],
  ])('refuses %j, naming %s', async (changes, field) => {
    const { status, body } = await take(newBooking(), 'FLY50', changes);
    expect(status).toBe(400);
    expect(body.errors).toEqual([expect.objectContaining({ field })]);
  });
});

describe('many customers at once', () => {
  it('lets exactly a hundred of five hundred bookings take a code that has a hundred uses', async () => {
    const code = await newCode({ total_limit: 100 });
    const answers = await Promise.all(Array.from({ length: 500 }, () => take(newBooking(), code)));
    expect(statuses(answers)).toEqual({ 200: 100, 422: 400 });
    expect(new Set(answers.filter((a) => a.status === 422).map((a) => a.body.reason))).toEqual(
      new Set(['used_up']),
    );
    expect(await usesOf(code)).toBe(100);
  });

  it('lets exactly two of forty bookings of one customer take a code that each may use twice', async () => {
    const code = await newCode({ per_user_limit: 2 });
    const answers = await Promise.all(
      Array.from({ length: 80 }, (_, i) => take(newBooking(), code, { user_id: 1 + (i % 2) })),
    );
    expect(statuses(answers)).toEqual({ 200: 4, 422: 76 });
    expect(await usesOf(code)).toBe(4);
  });

  it('loses no use and makes none while bookings of one customer take and release at once', async () => {
    const code = await newCode({ total_limit: 5, per_user_limit: 3 });
    await Promise.all(
      Array.from({ length: 60 }, async () => {
        const booking = newBooking();
        const user = { user_id: 1 + (booking % 3) };
        const answers = await Promise.all([
          take(booking, code, user),
          take(booking, code, user),
          release(booking, 1),
        ]);
        for (const { status } of answers) expect([200, 409, 422]).toContain(status);
        expect((await release(booking)).body.status).toBe('RELEASED');
      }),
    );
    expect(await usesOf(code)).toBe(0);
  });
});

describe('when the database cuts every connection in the middle', () => {
  it('leaves each booking with one use or none, and taking again ends with one', async () => {
    const code = await newCode({ total_limit: 100 });
    const bookings = Array.from({ length: 100 }, newBooking);
    const first = Promise.all(bookings.map((booking) => take(booking, code)));
    await service.database.execute(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where usename = current_user and pid <> pg_backend_pid()`,
    );
    const cut = await first;
    expect(await usesOf(code)).toBeGreaterThanOrEqual(cut.filter(({ status }) => status === 200).length);
    const again = await Promise.all(bookings.map((booking) => take(booking, code)));
    expect(statuses(again)).toEqual({ 200: 100 });
    expect(await usesOf(code)).toBe(100);
  });
});

describe('confirming and releasing', () => {
  it('redeems what is held, as often as it is told', async () => {
    const code = await newCode();
    const booking = newBooking();
    await take(booking, code);
    expect((await confirm(booking)).body).toMatchObject({ status: 'REDEEMED', discount_paise: 10_000 });
    expect((await confirm(booking)).body).toMatchObject({ status: 'REDEEMED', discount_paise: 10_000 });
    expect((await take(booking, code)).body).toMatchObject({ status: 'REDEEMED' });
    expect(await usesOf(code)).toBe(1);
  });

  it('does not know a booking that took nothing', async () => {
    expect(await confirm(newBooking())).toMatchObject({
      status: 404,
      body: { type: 'redemption-not-found' },
    });
  });

  it.each(['held', 'redeemed'])('gives a %s use back once, however often it is told', async (state) => {
    const code = await newCode({ total_limit: 1, per_user_limit: 1 });
    const booking = newBooking();
    await take(booking, code);
    if (state === 'redeemed') await confirm(booking);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => release(booking, i % 2)));
    expect(statuses(answers)).toEqual({ 200: 20 });
    expect(await usesOf(code)).toBe(0);
    expect((await take(newBooking(), code)).status).toBe(200);
    expect((await release(booking)).body.status).toBe('RELEASED');
    expect(await usesOf(code)).toBe(1);
  });

  it('neither takes nor redeems for a booking that was released', async () => {
    const code = await newCode();
    const booking = newBooking();
    await take(booking, code);
    await release(booking);
    expect(await take(booking, code)).toMatchObject({ status: 409, body: { type: 'redemption-released' } });
    expect(await confirm(booking)).toMatchObject({ status: 409, body: { type: 'redemption-released' } });
  });

  it('takes nothing for a booking whose release arrives first', async () => {
    const code = await newCode();
    const booking = newBooking();
    expect(await release(booking)).toEqual({
      status: 200,
      body: { booking_id: booking, code: '', discount_paise: 0, status: 'RELEASED' },
    });
    expect((await take(booking, code)).status).toBe(409);
    expect(await usesOf(code)).toBe(0);
  });
});

describe('a booking that expires and is paid late', () => {
  it('gives its use back when it expires, once, and takes it anew when it is paid', async () => {
    const code = await newCode({ total_limit: 1, per_user_limit: 1 });
    const booking = newBooking();
    await take(booking, code);
    const lapsed = await Promise.all([lapse(booking), lapse(booking), lapse(booking)]);
    expect(lapsed.map(({ body }) => body.status)).toEqual(['LAPSED', 'LAPSED', 'LAPSED']);
    expect(await usesOf(code)).toBe(0);
    const answers = await Promise.all([confirm(booking), confirm(booking), confirm(booking)]);
    expect(answers.map(({ body }) => body.status)).toEqual(['REDEEMED', 'REDEEMED', 'REDEEMED']);
    expect(await usesOf(code)).toBe(1);
  });

  it('keeps its use when the expiry is told after the payment', async () => {
    const code = await newCode();
    const booking = newBooking();
    await take(booking, code);
    await confirm(booking);
    expect((await lapse(booking)).body.status).toBe('REDEEMED');
    expect(await usesOf(code)).toBe(1);
  });

  it('keeps one use whichever of expiry and payment is told first', async () => {
    const code = await newCode({ total_limit: 20 });
    const bookings = Array.from({ length: 20 }, newBooking);
    await Promise.all(bookings.map((booking) => take(booking, code)));
    await Promise.all(bookings.flatMap((booking) => [lapse(booking), confirm(booking), lapse(booking)]));
    expect(await usesOf(code)).toBe(20);
  });

  it.each([
    [{ total_limit: 1 }, 'used_up', 1_000_001],
    [{ per_user_limit: 1 }, 'already_used', undefined],
  ])(
    'is told that no use is left when %j was reached meanwhile, and stays lapsed',
    async (terms, reason, user) => {
      const code = await newCode(terms);
      const booking = newBooking();
      await take(booking, code);
      await lapse(booking);
      expect((await take(newBooking(), code, { user_id: user ?? booking })).status).toBe(200);
      for (const answer of [await confirm(booking), await confirm(booking)])
        expect(answer).toMatchObject({ status: 422, body: { type: 'discount-not-applicable', reason } });
      expect((await lapse(booking)).body.status).toBe('LAPSED');
      expect(await usesOf(code)).toBe(1);
    },
  );

  it('takes its use anew although the code is no longer offered, for the price was promised', async () => {
    const code = await newCode();
    const booking = newBooking();
    await take(booking, code);
    await lapse(booking);
    await service.request('POST', `/api/discounts/${code}/disable`, { token: admin });
    expect((await confirm(booking)).body.status).toBe('REDEEMED');
  });

  it('never redeems once it is cancelled, and gives nothing back twice', async () => {
    const code = await newCode();
    const [lapsed, paidLate] = [newBooking(), newBooking()];
    for (const booking of [lapsed, paidLate]) {
      await take(booking, code);
      await lapse(booking);
    }
    await confirm(paidLate);
    for (const booking of [lapsed, paidLate]) {
      expect((await release(booking)).body.status).toBe('RELEASED');
      expect((await lapse(booking)).body.status).toBe('RELEASED');
      expect(await confirm(booking)).toMatchObject({ status: 409, body: { type: 'redemption-released' } });
    }
    expect(await usesOf(code)).toBe(0);
  });

  it('is unknown when it took nothing', async () => {
    expect(await lapse(newBooking())).toMatchObject({ status: 404, body: { type: 'redemption-not-found' } });
  });
});

describe('a payment of an expired booking', () => {
  /** A booking whose only use of a code has lapsed. */
  async function lapsedBooking() {
    const code = await newCode({ total_limit: 1 });
    const booking = newBooking();
    await take(booking, code);
    await lapse(booking);
    return { code, booking };
  }

  it('holds the use anew, and gives it back when it is refused', async () => {
    const { code, booking } = await lapsedBooking();
    for (const answer of [await hold(booking, 1), await hold(booking, 1)])
      expect(answer.body.status).toBe('HELD');
    expect(await usesOf(code)).toBe(1);
    expect((await lapse(booking, 0, [1])).body.status).toBe('LAPSED');
    expect(await usesOf(code)).toBe(0);
    expect(await historyOf(booking)).toEqual(['HELD', 'LAPSED', 'HELD', 'LAPSED']);
  });

  it('is refused for ever once it was refused, also when a use is free again', async () => {
    const { code, booking } = await lapsedBooking();
    const other = newBooking();
    await take(other, code);
    expect(await hold(booking, 1)).toMatchObject({ status: 422, body: { reason: 'used_up' } });
    await release(other);
    expect(await hold(booking, 1)).toMatchObject({ status: 422, body: { reason: 'used_up' } });
    expect((await hold(booking, 2)).body.status).toBe('HELD');
    await lapse(booking, 0, [1, 2]);
    expect((await hold(booking, 2)).status).toBe(422);
    expect(await usesOf(code)).toBe(0);
  });

  it('keeps its use when a lapse that was meant for the expiry or another payment is heard after it', async () => {
    const { code, booking } = await lapsedBooking();
    await hold(booking, 1);
    await hold(booking, 2);
    expect((await lapse(booking)).body.status).toBe('HELD');
    expect((await lapse(booking, 0, [1])).body.status).toBe('HELD');
    expect((await confirm(booking)).body.status).toBe('REDEEMED');
    expect((await lapse(booking, 0, [2])).body.status).toBe('REDEEMED');
    expect(await usesOf(code)).toBe(1);
  });

  it('holds the only use for one of many bookings at once', async () => {
    const code = await newCode({ total_limit: 1 });
    const bookings = Array.from({ length: 10 }, newBooking);
    for (const booking of bookings) {
      await take(booking, code);
      await lapse(booking);
    }
    const answers = await Promise.all(bookings.map((booking, index) => hold(booking, booking, index % 2)));
    expect(statuses(answers)).toEqual({ 200: 1, 422: 9 });
    expect(await usesOf(code)).toBe(1);
  });

  it('holds nothing for a booking that is cancelled or has no redemption', async () => {
    const { booking } = await lapsedBooking();
    await release(booking);
    expect(await hold(booking, 1)).toMatchObject({ status: 409, body: { type: 'redemption-released' } });
    expect((await hold(newBooking(), 1)).status).toBe(404);
  });
});

describe('on two copies of the service at once, a booking', () => {
  it('gives its use back once, whichever of expiry, cancellation and payment is told first and again', async () => {
    const code = await newCode({ total_limit: 30, per_user_limit: 1 });
    const bookings = Array.from({ length: 30 }, newBooking);
    expect(statuses(await Promise.all(bookings.map((booking) => take(booking, code))))).toEqual({ 200: 30 });
    expect(await usesOf(code)).toBe(30);
    const answers = await Promise.all(
      bookings.flatMap((booking) => [
        lapse(booking, 0),
        release(booking, 1),
        confirm(booking, 1),
        release(booking, 0),
        lapse(booking, 1),
      ]),
    );
    for (const { status } of answers) expect([200, 409]).toContain(status);
    expect(await usesOf(code)).toBe(0);
    for (const booking of bookings) {
      const history = await historyOf(booking);
      expect(history[0]).toBe('HELD');
      expect(history.filter((status) => status === 'RELEASED')).toEqual(['RELEASED']);
      expect(history.at(-1)).toBe('RELEASED');
      expect(history.every((to, i) => i === 0 || canMove(history[i - 1], to))).toBe(true);
    }
    const again = await Promise.all(Array.from({ length: 40 }, () => take(newBooking(), code)));
    expect(statuses(again)).toEqual({ 200: 30, 422: 10 });
  });
});

describe('the timeline of a booking', () => {
  const timelineOf = async (booking: number) =>
    (await service.request('GET', `/internal/bookings/${booking}/timeline`, { token })).body.entries;

  it('tells every state of its redemption, the oldest first', async () => {
    const code = await newCode();
    const booking = newBooking();
    await take(booking, code);
    await lapse(booking);
    await lapse(booking);
    await confirm(booking);
    await release(booking);
    const entries = await timelineOf(booking);
    expect(entries.map(({ event, detail }: { event: string; detail: string }) => [event, detail])).toEqual([
      ['discount.held', `${code} takes ₹100.00 off.`],
      ['discount.lapsed', `The use of ${code} is free again.`],
      ['discount.redeemed', `${code} took ₹100.00 off.`],
      ['discount.released', `${code} was given back for good.`],
    ]);
    const times = entries.map(({ at }: { at: string }) => at);
    expect(times).toEqual(times.toSorted());
  });

  it('is empty for a booking that took no discount, also when it was cancelled', async () => {
    const booking = newBooking();
    expect(await timelineOf(booking)).toEqual([]);
    await release(booking);
    expect(await timelineOf(booking)).toEqual([]);
  });
});

describe('the database', () => {
  const STATES = Object.keys(MOVES) as RedemptionStatus[];
  const pairs = STATES.flatMap((from) => STATES.map((to) => [from, to] as const));

  it.each(pairs)('allows %s to %s exactly when the table of moves does', async (from, to) => {
    const booking = newBooking();
    await service.database.execute(
      `insert into redemptions (booking_id, code, user_id, eligible_paise, discount_paise, status)
       values ($1, 'FLY50', 1, 100, 50, $2)`,
      [booking, from],
    );
    const move = service.database.execute('update redemptions set status = $2 where booking_id = $1', [
      booking,
      to,
    ]);
    const allowed = (MOVES[from] as readonly string[]).includes(to);
    if (allowed) await expect(move).resolves.toBe(1);
    else await expect(move).rejects.toMatchObject({ constraint: 'redemptions_moves' });
  });

  it('refuses more uses of a customer than the code admits, whoever asks', async () => {
    const code = await newCode({ per_user_limit: 1 });
    await take(newBooking(), code, { user_id: 77 });
    for (const statement of [
      'update customer_uses set uses = 2 where code = $1',
      'insert into customer_uses (code, user_id, uses) values ($1, 78, 2)',
    ])
      await expect(service.database.execute(statement, [code])).rejects.toMatchObject({
        constraint: 'customer_uses_within_limit',
      });
  });

  it.each([
    "update redemption_history set status = 'HELD'",
    'delete from redemption_history',
    'truncate redemption_history',
  ])('never rewrites history: %s', async (statement) => {
    await take(newBooking(), await newCode());
    await expect(service.database.execute(statement)).rejects.toMatchObject({
      constraint: 'redemption_history_append_only',
    });
  });

  it('refuses uses above the limit and a discount above the fare, whoever asks', async () => {
    const code = await newCode({ total_limit: 1 });
    await expect(
      service.database.execute('update discount_codes set uses = 2 where code = $1', [code]),
    ).rejects.toMatchObject({ constraint: 'discount_codes_uses_within_limit' });
    await expect(
      service.database.execute(
        `insert into redemptions (booking_id, code, user_id, eligible_paise, discount_paise, status)
         values ($1, $2, 1, 100, 101, 'HELD')`,
        [newBooking(), code],
      ),
    ).rejects.toMatchObject({ constraint: 'redemptions_discount_within_fare' });
  });
});
