import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NotificationServiceUnderTest, bookingEvent } from '../testing/notification-service-under-test.js';

let service: NotificationServiceUnderTest;

beforeAll(async () => {
  service = await NotificationServiceUnderTest.start();
});
afterAll(() => service.stop());

const messagesOf = async (userId: number) =>
  (await service.send('GET', '/api/notifications', userId)).body.notifications;

const EVENTS = [
  ['booking.confirmed', 'Booking BXK7QZ is confirmed'],
  ['booking.ticketed', 'Your e-ticket for booking BXK7QZ'],
  ['booking.expired', 'Booking BXK7QZ has expired'],
  ['booking.cancelled', 'Booking BXK7QZ is cancelled'],
  ['booking.fee_returned', 'The cancellation fee of booking BXK7QZ is being returned'],
  ['booking.payment_returned', 'Your payment for booking BXK7QZ is being returned'],
] as const;

const FEE = { flight_id: 1, kind: 'base_fare', description: 'Base fare', amount_paise: 1_234_500 };

/** What an event says besides what every one does. */
const detailsOf = (type: string): object => (type === 'booking.fee_returned' ? { refund_lines: [FEE] } : {});

describe('an event of a booking', () => {
  test.each(EVENTS)('%s writes to its customer', async (type, subject) => {
    const userId = 1_000 + EVENTS.findIndex(([name]) => name === type);
    const data = bookingEvent({ user_id: userId, reason: 'the reason given', ...detailsOf(type) });
    expect((await service.deliverEvent(type, data)).status).toBe(204);
    const messages = await messagesOf(userId);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({
      channel: 'email',
      recipient: 'asha@example.com',
      subject,
      booking_id: data.booking_id,
      event: type,
    });
    expect(messages[0].message).toContain('Dear Asha Rao,');
    expect(messages[0].message).toContain(data.journey[0]);
    expect(messages[0].message).toContain('BXK7QZ');
    expect(messages[0].message).toContain('₹12,345.00');
  });

  test('delivered twenty times at once writes once', async () => {
    const data = bookingEvent({ user_id: 1_100 });
    const id = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => service.deliverEvent('booking.confirmed', data, id)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 204));
    expect(await messagesOf(1_100)).toHaveLength(1);
    await expect.poll(async () => (await messagesOf(1_100))[0].status).toBe('SENT');
    expect(
      await service.sql(
        'select 1 from deliveries join notifications using (notification_id) where user_id = 1100',
      ),
    ).toHaveLength(1);
  });

  test('delivered again after the inbox has forgotten it writes nothing', async () => {
    const data = bookingEvent({ user_id: 1_101 });
    const id = randomUUID();
    await service.deliverEvent('booking.confirmed', data, id);
    await service.sql('delete from consumed_events where event_id = $1', [`booking-service/${id}`]);
    const again = await service.deliverEvent('booking.confirmed', data, id);
    expect(again.status).toBe(204);
    expect(await messagesOf(1_101)).toHaveLength(1);
  });

  test('of two payments that go back writes twice, and of each of them once', async () => {
    const data = bookingEvent({ user_id: 1_104 });
    const answers = await Promise.all(
      [1, 2, 1, 2, 1].map((payment_id) =>
        service.deliverEvent('booking.payment_returned', { ...data, payment_id }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
    expect(await messagesOf(1_104)).toHaveLength(2);
  });

  test('that names no payment is taken for another payment', async () => {
    const data = bookingEvent({ user_id: 1_105 });
    await Promise.all([1, 2].map(() => service.deliverEvent('booking.payment_returned', data)));
    expect(await messagesOf(1_105)).toHaveLength(2);
  });

  test.each([
    'booking.confirmed',
    'booking.ticketed',
    'booking.expired',
    'booking.cancelled',
    'booking.fee_returned',
  ])('of one booking writes once although many different events tell it at once: %s', async (type) => {
    const data = bookingEvent({ user_id: 1_106 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        service.deliverEvent(type, { ...data, ...detailsOf(type), reason: `told ${i}` }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 204));
    const about = (await messagesOf(1_106)).filter(
      (message: { booking_id: number }) => message.booking_id === data.booking_id,
    );
    expect(about).toHaveLength(1);
    expect(about[0].event).toBe(type);
  });

  test('of two bookings writes of each', async () => {
    await service.deliverEvent('booking.cancelled', bookingEvent({ user_id: 1_107 }));
    await service.deliverEvent('booking.cancelled', bookingEvent({ user_id: 1_107 }));
    expect(await messagesOf(1_107)).toHaveLength(2);
  });

  test('of another kind writes another message', async () => {
    const data = bookingEvent({ user_id: 1_102 });
    await service.deliverEvent('booking.confirmed', data);
    await service.deliverEvent('booking.ticketed', data);
    expect(await messagesOf(1_102)).toHaveLength(2);
  });

  test('that is not understood is refused and writes nothing', async () => {
    expect((await service.deliverEvent('flight.cancelled', { flight_id: 1 })).status).toBe(422);
    const { pnr: _pnr, ...incomplete } = bookingEvent({ user_id: 1_103 });
    expect((await service.deliverEvent('booking.confirmed', incomplete)).status).toBe(422);
    expect(await messagesOf(1_103)).toEqual([]);
  });

  test('is not for customers to send', async () => {
    const answer = await service.send('POST', '/internal/events', 10, {});
    expect(answer.status).toBe(403);
  });
});
