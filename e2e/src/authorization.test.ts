import { patiently } from '@flight-booking/local-stack/testing';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { signInAsAdministrator } from './api/administrator.js';
import { ApiClient } from './api/api-client.js';
import { newCustomer, type Customer } from './api/customer.js';
import { operations, type Operation } from './testing/conformance.js';
import { exampleBodies, exampleQueries } from './testing/example-requests.js';

const gatewayUrl = inject('gatewayUrl');
const admin = inject('admin');
const expiredToken = inject('expiredToken');
const serviceUrls = inject('serviceUrls');

/** Where an operation's path parameters stand for something that belongs to one customer, what it is called. */
const OWNED = ['lock_id', 'id', 'pnr'] as const;

/** Only its signature keeps it from being let in. */
const liveToken = (await newCustomer(gatewayUrl)).api.token ?? '';

/** The same token with one character of its signature changed, away from the end where bits may be unused. */
function wronglySigned(token: string): string {
  const at = token.lastIndexOf('.') + 10;
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

const protectedOperations = operations.filter(({ isPublic }) => !isPublic);

/** The path with every parameter filled in. */
const fill = ({ path, operationId }: Operation, value: string | number): string =>
  path.replaceAll(/\{\w+\}/g, String(value)) + (exampleQueries[operationId] ?? '');

const send = (
  client: ApiClient,
  operation: Operation,
  value: string | number,
  headers?: Record<string, string>,
) =>
  client.request(operation.method, fill(operation, value), {
    ...(operation.body !== undefined && { body: exampleBodies[operation.operationId] ?? {} }),
    ...(headers !== undefined && { headers }),
  });

describe.each(
  protectedOperations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const),
)('%s', (_name, operation) => {
  it.each([
    ['no token', undefined],
    ['something that is no token', 'Bearer nonsense'],
    ['a token of another scheme', 'Basic YTpi'],
    ['a token whose signature is wrong', `Bearer ${wronglySigned(liveToken)}`],
    [
      'an unsigned token',
      `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"1"}').toString('base64url')}.`,
    ],
    ['a token that has expired', `Bearer ${expiredToken}`],
  ])('is refused with %s', async (_title, authorization) => {
    const answer = await send(
      new ApiClient(gatewayUrl),
      operation,
      1,
      authorization === undefined ? {} : { authorization },
    );
    expect([
      answer.status,
      answer.headers.get('content-type'),
      answer.headers.get('www-authenticate'),
    ]).toEqual([401, 'application/problem+json', 'Bearer']);
  });
});

it('the token that is refused with a wrong signature is let in with its own', async () => {
  const headers = { authorization: `Bearer ${liveToken}` };
  expect((await new ApiClient(gatewayUrl).get('/api/notifications', { headers })).status).toBe(200);
});

describe('every service on its own port', () => {
  it('refuses a request without a token itself, not only behind the gateway', async () => {
    for (const operation of protectedOperations) {
      const statuses = await Promise.all(
        Object.entries(serviceUrls)
          .filter(([name]) => name !== 'api-gateway')
          .map(async ([, url]) => (await requestAnyPort(url, operation)).status),
      );
      // One service owns the route and asks for a token; to the others it is unknown.
      expect([operation.path, statuses.filter((status) => status === 401).length]).toEqual([
        operation.path,
        1,
      ]);
      expect(statuses.filter((status) => status !== 401 && status !== 404 && status !== 405)).toEqual([]);
    }
  });
});

const requestAnyPort = (url: string, operation: Operation) => send(new ApiClient(url), operation, 1);

describe('a customer', () => {
  let owner: Customer;
  let stranger: Customer;
  const owned: Record<string, string | number> = {};

  /** A booking of the owner's that is paid and has its ticket. */
  const ticketed = async (flight = 1) => {
    await owner.lock(flight, 1);
    const { body: booking } = await owner.book(flight, 1);
    const { body: payment } = await owner.pay(booking.booking_id, booking.amount_due);
    const { body: ticket } = await owner.ticket(booking.booking_id);
    return { booking, payment, ticket };
  };

  /** The invoice of a booking that was cancelled for a fee which was given back: the only kind with every credit note. */
  const creditedInvoice = async (): Promise<number> => {
    const administrator = await signInAsAdministrator(gatewayUrl, admin);
    const { booking, ticket } = await ticketed(await administrator.addFlight(100));
    await owner.cancelAsQuoted(booking.booking_id);
    await administrator.api.post(`/api/bookings/${booking.booking_id}/refund`, { reason: 'A test' });
    const invoice = `/api/invoices/${ticket.invoice_id}`;
    await patiently(async () => {
      const { body } = await owner.api.get(invoice);
      expect([body.credit_note, body.fee_credit_note]).not.toContain(undefined);
    });
    return ticket.invoice_id;
  };

  beforeAll(async () => {
    [owner, stranger] = await Promise.all([newCustomer(gatewayUrl), newCustomer(gatewayUrl)]);
    const { booking, payment, ticket } = await ticketed();
    const { body: lock } = await owner.lock(1, 1);
    const { body: message } = await owner.api.post('/api/notifications/send', { message: 'Mine alone' });
    Object.assign(owned, {
      '/api/bookings': booking.booking_id,
      '/api/bookings/pnr': booking.pnr,
      '/api/payments': payment.payment_id,
      '/api/tickets': ticket.ticket_id,
      '/api/invoices': await creditedInvoice(),
      '/api/seats/lock': lock.lock_id,
      '/api/notifications': message.notification_id,
    });
  });

  const ownedOperations = operations.filter(
    ({ path, isForAdmins }) =>
      !isForAdmins && OWNED.some((name) => path.includes(`{${name}}`)) && !path.startsWith('/api/flights'),
  );

  it.each(ownedOperations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
    'cannot reach what belongs to another through %s',
    async (_name, operation) => {
      const prefix = operation.path.slice(0, operation.path.indexOf('/{'));
      expect(owned, `nothing is owned under ${prefix}; the preparation above must make one`).toHaveProperty([
        prefix,
      ]);
      const path = operation.path.replace(/\{\w+\}/, String(owned[prefix]));
      const query = operation.path.includes('/pnr/') ? '?last_name=Sharma' : '';
      const body = operation.body === undefined ? {} : { body: exampleBodies[operation.operationId] };
      const strangers = await stranger.api.request(operation.method, path + query, body);
      expect(strangers.status).toBe(404);
      if (operation.method === 'GET') expect((await owner.api.get(path + query)).status).toBe(200);
    },
  );

  it('cannot pay for or print the booking of another', async () => {
    expect((await stranger.pay(Number(owned['/api/bookings']), 5_000)).status).toBe(404);
    expect((await stranger.ticket(Number(owned['/api/bookings']))).status).toBe(404);
  });

  it.each(
    operations
      .filter(({ body }) => body?.properties?.user_id !== undefined)
      .map((operation) => [operation.path, operation] as const),
  )('cannot act as another user through %s', async (_path, operation) => {
    const body = { ...exampleBodies[operation.operationId], user_id: owner.userId };
    const answer = await stranger.api.request(operation.method, fill(operation, 1), { body });
    expect([answer.status, answer.body.type]).toEqual([403, 'user-mismatch']);
  });

  it.each(
    operations
      .filter(({ isForAdmins }) => isForAdmins)
      .map((operation) => [`${operation.method} ${operation.path}`, operation] as const),
  )('cannot do what is for administrators: %s', async (_name, operation) => {
    expect((await send(owner.api, operation, 1)).status).toBe(403);
  });

  it('cannot reach an internal route through the gateway, with any token', async () => {
    for (const path of [
      '/internal/flights?ids=1',
      '/internal/token',
      '/api/../internal/events',
      '/api/seats/%2e%2e/internal/events',
    ]) {
      expect([400, 404]).toContain((await owner.api.get(path)).status);
    }
  });
});

describe('an administrator', () => {
  it('signs in with the configured account and may add and cancel a flight and a discount', async () => {
    const client = new ApiClient(gatewayUrl);
    const login = await client.post('/api/auth/login', admin);
    expect(login.status).toBe(200);
    client.token = login.body.token;
    const code = `T${Date.now().toString(36).toUpperCase()}`;
    const created = await client.post('/api/discounts', {
      code,
      type: 'flat',
      amount: 250,
      description: 'A test',
    });
    expect([created.status, created.body.code]).toEqual([201, code]);
    expect((await client.post(`/api/discounts/${code}/disable`)).status).toBe(200);
    expect((await client.post('/api/discounts/validate', { code })).body).toMatchObject({
      valid: false,
      reason: 'disabled',
    });
  });
});
