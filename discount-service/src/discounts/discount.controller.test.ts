import { flightDetails } from '@flight-booking/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningService } from '../testing/running-service.js';

const service = new RunningService();
let customer: string;
let admin: string;

const flight = (flightId: number, airline: string) => ({
  flight_id: flightId,
  flight_number: `${airline} 1`,
  airline: { code: airline, name: airline, accounting_code: '001' },
  source: stop('DEL'),
  destination: stop('BLR'),
  departure_time: '2026-09-01T06:00:00+05:30',
  arrival_time: '2026-09-01T08:45:00+05:30',
  duration_minutes: 165,
  aircraft_type: 'A320',
  status: 'SCHEDULED',
  fares: [],
});
const stop = (code: string) => ({
  code,
  city: code,
  airport: code,
  country: 'IN',
  time_zone: 'Asia/Kolkata',
});

beforeAll(async () => {
  await service.start();
  customer = await service.issuer.userToken({ userId: 10 });
  admin = await service.issuer.userToken({ userId: 1, role: 'admin' });
  const flights = [flight(1, '6E'), flight(2, 'AI')];
  service.flightSearch.on('GET', '/internal/flights', ({ query }) => ({
    body: flightDetails.parse({ flights: flights.filter(({ flight_id: id }) => query.ids === String(id)) }),
  }));
});
afterAll(() => service.stop());

const validate = (body: unknown, token = customer) =>
  service.request('POST', '/api/discounts/validate', { token, body });
const create = (body: unknown, token = admin) => service.request('POST', '/api/discounts', { token, body });

describe('validating a code', () => {
  it('tells what FLY50 gives, without an amount and with one', async () => {
    expect(await validate({ code: 'FLY50' })).toEqual({
      status: 200,
      body: {
        valid: true,
        code: 'FLY50',
        description: expect.any(String),
        type: 'percent',
        percent: 50,
        max_discount: 1500,
      },
    });
    const { body } = await validate({ code: ' fly50 ', amount: 2_000.5 });
    expect(body).toMatchObject({ valid: true, code: 'FLY50', discount_amount: 1_000.25 });
    expect((await validate({ code: 'FLY50', amount: 9_000 })).body.discount_amount).toBe(1_500);
  });

  it('tells what a flat code gives and what it asks for', async () => {
    const { body } = await validate({ code: 'FLAT500', amount: 4_000 });
    expect(body).toMatchObject({
      valid: true,
      type: 'flat',
      amount: 500,
      minimum_amount: 3_000,
      discount_amount: 500,
    });
  });

  it.each([
    ['NOSUCHCODE', {}, 'unknown'],
    ['SUMMER25', {}, 'expired'],
    ['FREEDOM47', {}, 'not_started'],
    ['FLAT500', { amount: 2_999.99 }, 'below_minimum'],
    ['INDIGO15', { flight_id: 2 }, 'wrong_airline'],
  ])('answers for %s with %j the reason %s and a sentence', async (code, rest, reason) => {
    const { status, body } = await validate({ code, ...rest });
    expect(status).toBe(200);
    expect(body).toEqual({ valid: false, code, reason, message: expect.stringMatching(/^.{15,}\.$/) });
  });

  it('asks flight-search whose flight it is', async () => {
    expect((await validate({ code: 'INDIGO15', flight_id: 1 })).body).toMatchObject({
      valid: true,
      airline_code: '6E',
    });
    expect(await validate({ code: 'INDIGO15', flight_id: 3 })).toMatchObject({
      status: 404,
      body: { type: 'flight-not-found' },
    });
  });

  it.each([
    [{}, 'code'],
    [{ code: 'NO' }, 'code'],
    [{ code: "X' OR 1=1--" }, 'code'],
    [{ code: 'FLY50\u0000' }, 'code'],
    [{ code: 'A'.repeat(10_000) }, 'code'],
    [{ code: 50 }, 'code'],
    [{ code: 'FLY50', amount: 0 }, 'amount'],
    [{ code: 'FLY50', amount: -5 }, 'amount'],
    [{ code: 'FLY50', amount: 1.001 }, 'amount'],
    [{ code: 'FLY50', amount: 1e300 }, 'amount'],
    [{ code: 'FLY50', amount: '5' }, 'amount'],
    [{ code: 'FLY50', flight_id: 0 }, 'flight_id'],
    [{ code: 'FLY50', flight_id: 2 ** 60 }, 'flight_id'],
    [{ code: 'FLY50', other: 1 }, 'other'],
  ])('refuses %j, naming %s', async (body, field) => {
    const answer = await validate(body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([expect.objectContaining({ field, in: 'body' })]);
  });

  it('passes on that flight-search cannot be reached, and needs it only for a flight', async () => {
    await service.flightSearch.stop();
    expect(await validate({ code: 'FLY50', flight_id: 1 })).toMatchObject({
      status: 503,
      body: { type: 'upstream-unavailable' },
    });
    expect((await validate({ code: 'FLY50' })).status).toBe(200);
    await service.flightSearch.start();
  });
});

describe('administering codes', () => {
  it('makes a code that customers can then use', async () => {
    const created = await create({
      code: 'diwali',
      description: 'Festival of lights',
      type: 'percent',
      percent: 12.5,
      max_discount: 800,
      minimum_amount: 1_000,
      total_limit: 5,
      per_user_limit: 2,
      valid_from: '2026-01-01T00:00:00+05:30',
      valid_until: '2099-01-01T00:00:00+05:30',
      airline_code: '6e',
    });
    expect(created).toMatchObject({
      status: 201,
      body: {
        code: 'DIWALI',
        percent: 12.5,
        airline_code: '6E',
        uses: 0,
        remaining: 5,
        active: true,
        valid_from: '2025-12-31T18:30:00.000Z',
      },
    });
    expect((await validate({ code: 'DIWALI', amount: 2_000 })).body.discount_amount).toBe(250);
  });

  it('refuses a second code of the same name, two callers at once included', async () => {
    const wish = { code: 'TWIN', description: 'One of two', type: 'flat', amount: 10 };
    const answers = await Promise.all([create(wish), create(wish), create(wish)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    expect(await create(wish)).toMatchObject({ status: 409, body: { type: 'code-taken', code: 'TWIN' } });
  });

  it.each([
    [{ type: 'percent', percent: 0 }, 'percent'],
    [{ type: 'percent', percent: 100.5 }, 'percent'],
    [{ type: 'percent', amount: 5, percent: 5 }, 'amount'],
    [{ type: 'flat' }, 'amount'],
    [{ type: 'flat', amount: 5, max_discount: 3 }, 'max_discount'],
    [{ type: 'other', amount: 5 }, 'type'],
    [{ type: 'flat', amount: 5, total_limit: 0 }, 'total_limit'],
    [{ type: 'flat', amount: 5, per_user_limit: 1.5 }, 'per_user_limit'],
    [{ type: 'flat', amount: 5, airline_code: 'INDIGO' }, 'airline_code'],
    [{ type: 'flat', amount: 5, valid_from: '2026-02-30T00:00:00Z' }, 'valid_from'],
    [
      { type: 'flat', amount: 5, valid_from: '2026-02-02T00:00:00Z', valid_until: '2026-02-01T00:00:00Z' },
      'valid_until',
    ],
  ])('refuses to make a code of %j, naming %s', async (rest, field) => {
    const answer = await create({ code: 'BADCODE', description: 'Bad', ...rest });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([expect.objectContaining({ field })]);
    expect((await validate({ code: 'BADCODE' })).body.reason).toBe('unknown');
  });

  it('disables a code, again and again with the same answer', async () => {
    await create({ code: 'GONE', description: 'Soon gone', type: 'flat', amount: 10 });
    const disable = () => service.request('POST', '/api/discounts/gone/disable', { token: admin });
    expect(await disable()).toMatchObject({ status: 200, body: { code: 'GONE', active: false } });
    expect(await disable()).toMatchObject({ status: 200, body: { code: 'GONE', active: false } });
    expect((await validate({ code: 'GONE' })).body.reason).toBe('disabled');
    expect(await service.request('POST', '/api/discounts/NOSUCH/disable', { token: admin })).toMatchObject({
      status: 404,
      body: { type: 'discount-not-found' },
    });
  });

  it('lists every code once, page by page', async () => {
    const codes: string[] = [];
    let cursor: string | null | undefined;
    do {
      const query = `limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`;
      const { status, body } = await service.request('GET', `/api/discounts?${query}`, { token: admin });
      expect(status).toBe(200);
      expect(body.discounts.length).toBeLessThanOrEqual(2);
      codes.push(...body.discounts.map(({ code }: { code: string }) => code));
      cursor = body.next_cursor;
    } while (cursor !== null);
    expect(codes).toEqual(codes.toSorted());
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes).toEqual(expect.arrayContaining(['FIRST100', 'FLAT500', 'FLY50', 'SUMMER25', 'WELCOME10']));
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'cursor=!', 'cursor=Zm9v', 'other=1'])(
    'refuses a list with %s',
    async (query) => {
      const answer = await service.request('GET', `/api/discounts?${query}`, { token: admin });
      expect(answer).toMatchObject({ status: 400, body: { type: 'invalid-request' } });
    },
  );
});

describe('who may do what', () => {
  /** What only administrators or services may do. */
  const CLOSED_TO_CUSTOMERS = [
    ['POST', '/api/discounts'],
    ['GET', '/api/discounts'],
    ['POST', '/api/discounts/FLY50/disable'],
    ['PUT', '/internal/redemptions/1'],
    ['PUT', '/internal/redemptions/1/confirmed'],
    ['PUT', '/internal/redemptions/1/lapsed'],
    ['DELETE', '/internal/redemptions/1'],
  ] as const;

  it.each([['POST', '/api/discounts/validate'] as const, ...CLOSED_TO_CUSTOMERS])(
    '%s %s needs a token',
    async (method, path) => {
      expect((await service.request(method, path)).status).toBe(401);
      const token = await service.issuer.expiredToken();
      expect((await service.request(method, path, { token })).status).toBe(401);
    },
  );

  it.each(CLOSED_TO_CUSTOMERS)('%s %s is not for customers', async (method, path) => {
    expect((await service.request(method, path, { token: customer })).status).toBe(403);
  });
});
