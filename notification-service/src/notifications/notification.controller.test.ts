import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NotificationServiceUnderTest } from '../testing/notification-service-under-test.js';

let service: NotificationServiceUnderTest;

beforeAll(async () => {
  service = await NotificationServiceUnderTest.start();
});
afterAll(() => service.stop());

const send = (who: number | string | undefined, body: unknown) =>
  service.send('POST', '/api/notifications/send', who, body);
const read = (who: number, id: number | string) => service.send('GET', `/api/notifications/${id}`, who);
const sentBy = async (who: number, id: number) =>
  expect.poll(async () => (await read(who, id)).body.status).toBe('SENT');

describe('sending a message', () => {
  test('to oneself queues it and delivers it to the address of the account', async () => {
    const answer = await send(10, { user_id: 10, message: 'Hello\nthere', subject: 'Greetings' });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ notification_id: expect.any(Number), status: 'QUEUED' });
    await sentBy(10, answer.body.notification_id);
    expect((await read(10, answer.body.notification_id)).body).toEqual({
      notification_id: answer.body.notification_id,
      user_id: 10,
      channel: 'email',
      recipient: 'user-10@example.com',
      subject: 'Greetings',
      message: 'Hello\nthere',
      status: 'SENT',
      created_at: expect.any(String),
      sent_at: expect.any(String),
    });
    expect(
      await service.sql('select attempt, transport, outcome from deliveries where notification_id = $1', [
        answer.body.notification_id,
      ]),
    ).toEqual([{ attempt: 1, transport: 'log', outcome: 'DELIVERED' }]);
  });

  test('needs nothing but the message', async () => {
    const { body } = await send(10, { message: 'Hello' });
    expect((await read(10, body.notification_id)).body).toMatchObject({
      channel: 'email',
      subject: 'A message from Flight Booking',
    });
  });

  test('as a text message names the account, for accounts have no number', async () => {
    const { body } = await send(10, { message: 'Hello', channel: 'sms', subject: 'is not for these' });
    await sentBy(10, body.notification_id);
    const found = (await read(10, body.notification_id)).body;
    expect(found).toMatchObject({ channel: 'sms', recipient: 'user:10' });
    expect(found).not.toHaveProperty('subject');
  });

  test('to somebody else is refused to a customer', async () => {
    const answer = await send(10, { user_id: 11, message: 'Hello' });
    expect(answer.status).toBe(403);
    expect(answer.body.type).toBe('user-mismatch');
  });

  test('to somebody else is allowed to an administrator who writes where mail has gone before', async () => {
    const admin = await service.issuer.userToken({ userId: 1, role: 'admin' });
    const unknown = await send(admin, { user_id: 77, message: 'Hello' });
    expect(unknown.status).toBe(422);
    expect(unknown.body).toMatchObject({ type: 'address-unknown', user_id: 77 });
    const own = await service.issuer.userToken({ userId: 77, email: 'seventy-seven@example.com' });
    await send(own, { message: 'To myself' });
    const answer = await send(admin, { user_id: 77, message: 'Hello' });
    expect(answer.status).toBe(202);
    expect((await read(77, answer.body.notification_id)).body).toMatchObject({
      user_id: 77,
      recipient: 'seventy-seven@example.com',
    });
    expect((await send(admin, { user_id: 78, message: 'Hello', channel: 'sms' })).status).toBe(202);
  });

  test('needs the token of a user', async () => {
    expect((await send(undefined, { message: 'Hello' })).status).toBe(401);
    expect((await send('not.a.token', { message: 'Hello' })).status).toBe(401);
    expect((await send(await service.issuer.expiredToken(), { message: 'Hello' })).status).toBe(401);
    expect((await send(await service.issuer.serviceToken('seat-service'), { message: 'Hello' })).status).toBe(
      403,
    );
  });

  test.each([
    {},
    [],
    { message: '' },
    { message: '   ' },
    { message: 'x'.repeat(2_001) },
    { message: 'null\u0000byte' },
    { message: ['Hello'] },
    { message: 'Hello', channel: 'pigeon' },
    { message: 'Hello', subject: 'a\r\nBcc: everybody@example.com' },
    { message: 'Hello', subject: 'x'.repeat(151) },
    { message: 'Hello', user_id: 0 },
    { message: 'Hello', user_id: '10' },
    { message: 'Hello', user_id: 1e300 },
    { message: 'Hello', to: 'somebody@example.com' },
    '{"message":"Hello","__proto__":{"x":1},"constructor":1}',
    '{"message":',
  ])('refuses %j and stores nothing', async (body) => {
    const before = await service.sql('select count(*) from notifications');
    expect((await send(10, body)).status).toBe(400);
    expect(await service.sql('select count(*) from notifications')).toEqual(before);
  });
});

describe("reading one's messages", () => {
  test('lists them newest first, page by page, each once', async () => {
    const ids: number[] = [];
    for (let i = 0; i < 5; i += 1)
      ids.push((await send(20, { message: `Number ${i}` })).body.notification_id);
    const listed: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { status, body } = await service.send('GET', `/api/notifications?limit=2${query}`, 20);
      expect(status).toBe(200);
      listed.push(...body.notifications.map((one: { notification_id: number }) => one.notification_id));
      cursor = body.next_cursor;
    }
    expect(listed).toEqual(ids.toReversed());
  });

  test("shows nobody else's, not even to an administrator", async () => {
    const { body: mine } = await send(21, { message: 'Mine' });
    const { body } = await service.send('GET', '/api/notifications', 22);
    expect(body).toEqual({ notifications: [], next_cursor: null });
    const strangers = await read(22, mine.notification_id);
    const unknown = await read(22, 999_999);
    expect(strangers.status).toBe(404);
    expect(strangers.body.type).toBe(unknown.body.type);
    const admin = await service.issuer.userToken({ userId: 1, role: 'admin' });
    expect((await service.send('GET', `/api/notifications/${mine.notification_id}`, admin)).status).toBe(404);
    expect((await service.send('GET', '/api/notifications', undefined)).status).toBe(401);
  });

  test.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'limit=',
    'limit=1.5',
    'cursor=',
    'cursor=%00',
    'cursor=MC4x',
    'page=2',
  ])('refuses the query %s', async (query) => {
    expect((await service.send('GET', `/api/notifications?${query}`, 20)).status).toBe(400);
  });

  test.each(['0', '-1', 'x', '1.5', '99999999999999999', '1%00', "1'--"])('refuses the id %s', async (id) => {
    expect((await read(20, id)).status).toBe(400);
  });
});

test('work that is stuck is shown to administrators, and is not taken for a message', async () => {
  const admin = await service.issuer.userToken({ userId: 1, role: 'admin' });
  const stuck = await service.send('GET', '/api/notifications/stuck-jobs', admin);
  expect([stuck.status, stuck.body]).toEqual([200, { stuck_jobs: [], next_cursor: null }]);
  expect((await service.send('GET', '/api/notifications/stuck-jobs', 10)).status).toBe(403);
});
