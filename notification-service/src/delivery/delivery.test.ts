import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NotificationRepository } from '../notifications/notification.repository.js';
import { MailServer } from '../testing/mail-server.js';
import { NotificationServiceUnderTest, bookingEvent } from '../testing/notification-service-under-test.js';
import { DeliveryRepository } from './delivery.repository.js';

let mailServer: MailServer;
let service: NotificationServiceUnderTest;

beforeEach(async () => {
  mailServer = new MailServer();
  await mailServer.start();
  service = await NotificationServiceUnderTest.start({
    SMTP_URL: mailServer.url,
    MAIL_FROM: 'Flight Booking <no-reply@flights.example>',
  });
});
afterEach(async () => {
  await service.stop();
  await mailServer.stop();
});

const send = async (message: string): Promise<number> =>
  (await service.send('POST', '/api/notifications/send', 10, { message, subject: 'Subject' })).body
    .notification_id;
const read = async (id: number) => (await service.send('GET', `/api/notifications/${id}`, 10)).body;
const becomes = async (id: number, status: string) =>
  expect.poll(async () => (await read(id)).status).toBe(status);
const attemptsAt = (id: number) =>
  service.sql(
    'select attempt::int, transport, outcome, detail from deliveries where notification_id = $1 order by 1',
    [id],
  );
const outcomesOf = async (id: number) => (await attemptsAt(id)).map(({ outcome }) => outcome);
const jobs = (of = service) => of.sql('select key, attempts, run_at from graphile_worker.jobs');
/** A message whose mail server is away, in a service that tries twice, and where it can be read. */
async function sendInVain(
  work: (other: NotificationServiceUnderTest, path: string) => Promise<void>,
): Promise<void> {
  await mailServer.stop();
  const other = await NotificationServiceUnderTest.start({
    SMTP_URL: mailServer.url,
    DELIVERY_ATTEMPTS: '2',
  });
  try {
    const { body } = await other.send('POST', '/api/notifications/send', 10, { message: 'In vain' });
    await work(other, `/api/notifications/${body.notification_id}`);
  } finally {
    await other.stop();
  }
}
const addJob = (id: number) =>
  service.sql(
    `select graphile_worker.add_job('deliver-notification', json_build_object(
       'data', json_build_object('message_id', message_id), 'request_id', 'test-request', 'trace_id', '0'))
     from notifications where notification_id = $1`,
    [id],
  );

describe('a mail server', () => {
  test('receives the message with sender, recipient and a Message-ID of ours', async () => {
    const id = await send('Good morning');
    await becomes(id, 'SENT');
    expect(mailServer.mails).toHaveLength(1);
    const [mail] = mailServer.mails;
    const [row] = await service.sql('select message_id from notifications where notification_id = $1', [id]);
    expect(mail).toMatchObject({ from: 'no-reply@flights.example', to: ['user-10@example.com'] });
    expect(mail?.headers).toMatchObject({
      from: 'Flight Booking <no-reply@flights.example>',
      to: 'user-10@example.com',
      subject: 'Subject',
      'message-id': `<${row.message_id}@flights.example>`,
      'auto-submitted': 'auto-generated',
    });
    expect(mail?.raw).toContain('Good morning');
    expect(await attemptsAt(id)).toEqual([
      { attempt: 1, transport: 'smtp', outcome: 'DELIVERED', detail: expect.stringContaining('250') },
    ]);
    expect(await jobs()).toEqual([]);
  });

  test('receives news of a booking as text and as HTML', async () => {
    await service.deliverEvent('booking.confirmed', bookingEvent());
    await expect.poll(() => mailServer.mails.length).toBe(1);
    expect(mailServer.mails[0]?.to).toEqual(['asha@example.com']);
    expect(mailServer.mails[0]?.raw).toMatch(/text\/plain[\s\S]+text\/html/);
  });

  test('never sees text messages', async () => {
    const body = { message: 'Hello', channel: 'sms' };
    const answer = await service.send('POST', '/api/notifications/send', 10, body);
    await becomes(answer.body.notification_id, 'SENT');
    expect((await attemptsAt(answer.body.notification_id))[0]).toMatchObject({ transport: 'log' });
    expect(mailServer.mails).toEqual([]);
  });

  test('that is away gets the message when it is back, under the same Message-ID', async () => {
    await mailServer.stop();
    const id = await send('Patience');
    await expect.poll(() => outcomesOf(id)).toEqual(['FAILED']);
    expect(await read(id)).toMatchObject({ status: 'QUEUED' });
    await mailServer.start();
    await service.retryNow();
    await becomes(id, 'SENT');
    expect(mailServer.mails).toHaveLength(1);
    expect(await outcomesOf(id)).toEqual(['FAILED', 'DELIVERED']);
  });

  test('that puts the message off is asked again', async () => {
    mailServer.verdict = 'refuse for now';
    const id = await send('Later');
    await expect.poll(() => outcomesOf(id)).toEqual(['FAILED']);
    mailServer.verdict = 'accept';
    await service.retryNow();
    await becomes(id, 'SENT');
  });

  test('that knows no such mailbox is asked once', async () => {
    mailServer.verdict = 'refuse for good';
    const id = await send('Never');
    await becomes(id, 'FAILED');
    const found = await read(id);
    expect(found.failure_reason).toContain('No such mailbox');
    expect(found).not.toHaveProperty('sent_at');
    expect(await outcomesOf(id)).toEqual(['FAILED']);
    expect(await jobs()).toEqual([]);
  });

  test('that stays away costs the message in the end', async () => {
    await sendInVain(async (other, path) => {
      const state = async () => (await other.send('GET', path, 10)).body;
      await expect
        .poll(async () => {
          await other.retryNow();
          return (await state()).status;
        })
        .toBe('FAILED');
      expect((await state()).failure_reason).toContain('ECONNREFUSED');
      expect(await other.sql('select outcome from deliveries')).toHaveLength(2);
    });
  });
});

describe('a message that was given up', () => {
  const ADMIN = { userId: 1, role: 'admin' } as const;
  const asAdmin = async (method: string, path: string) =>
    service.send(method, path, await service.issuer.userToken(ADMIN));
  const idsOf = (page: { notifications: { notification_id: number }[] }) =>
    page.notifications.map(({ notification_id: id }) => id);

  test('is shown to administrators, and sent once when one of them has it tried again', async () => {
    mailServer.verdict = 'refuse for good';
    const [first, second] = [await send('Never'), await send('Never either')];
    await becomes(first, 'FAILED');
    await becomes(second, 'FAILED');
    const page = await asAdmin('GET', '/api/notifications/failed?limit=1');
    expect(idsOf(page.body)).toEqual([second]);
    const rest = await asAdmin('GET', `/api/notifications/failed?cursor=${page.body.next_cursor}`);
    expect(idsOf(rest.body)).toEqual([first]);

    mailServer.verdict = 'accept';
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => asAdmin('POST', `/api/notifications/${first}/retry`)),
    );
    for (const { status } of answers) expect([202, 409]).toContain(status);
    expect(answers.some(({ status }) => status === 202)).toBe(true);
    await becomes(first, 'SENT');
    expect(mailServer.mails).toHaveLength(1);
    expect(await outcomesOf(first)).toEqual(['FAILED', 'DELIVERED']);
    expect(idsOf((await asAdmin('GET', '/api/notifications/failed')).body)).toEqual([second]);
    const again = await asAdmin('POST', `/api/notifications/${first}/retry`);
    expect([again.status, again.body.type]).toEqual([409, 'notification-sent']);
  });

  test('gets all its attempts anew', async () => {
    await sendInVain(async (other, path) => {
      const fails = (attempts: number) =>
        expect
          .poll(async () => {
            await other.retryNow();
            const [row] = await other.sql('select status, attempts from notifications');
            return row;
          })
          .toEqual({ status: 'FAILED', attempts });
      await fails(2);
      const admin = await other.issuer.userToken(ADMIN);
      expect((await other.send('POST', `${path}/retry`, admin)).status).toBe(202);
      expect((await other.send('GET', path, 10)).body).not.toHaveProperty('failure_reason');
      await fails(4);
    });
  });

  test('is no business of customers', async () => {
    const id = await send('Mine');
    expect((await service.send('GET', '/api/notifications/failed', 10)).status).toBe(403);
    expect((await service.send('POST', `/api/notifications/${id}/retry`, 10)).status).toBe(403);
    const unknown = await asAdmin('POST', '/api/notifications/999999/retry');
    expect([unknown.status, unknown.body.type]).toEqual([404, 'notification-not-found']);
  });

  test('is told of in the timeline of its booking, with what came before and after', async () => {
    mailServer.verdict = 'refuse for good';
    const data = bookingEvent({ user_id: 10 });
    await service.deliverEvent('booking.cancelled', data);
    const [{ notification_id: id }] = await service.sql('select notification_id from notifications');
    await becomes(id, 'FAILED');
    mailServer.verdict = 'accept';
    await asAdmin('POST', `/api/notifications/${id}/retry`);
    await becomes(id, 'SENT');
    const { entries } = await service.timeline(data.booking_id);
    expect(entries.map(({ event, cause }: { event: string; cause: string }) => [event, cause])).toEqual([
      ['message.queued', 'booking-service: booking.cancelled'],
      ['message.failed', 'notification-service'],
      ['message.retried', 'operator'],
      ['message.sent', 'notification-service'],
    ]);
    expect(entries[0].detail).toBe(`The email "Booking ${data.pnr} is cancelled" waits to be sent.`);
    expect(entries[1].detail).toContain('No such mailbox');
    expect(await service.timeline(987_654)).toEqual({ entries: [] });
  });
});

describe('one message', () => {
  test('is handed over once by many jobs at once, on two replicas', async () => {
    await service.startReplica();
    const release = mailServer.hold();
    const id = await send('Once');
    await Promise.all(Array.from({ length: 10 }, () => addJob(id)));
    await expect.poll(async () => (await jobs()).filter(({ attempts }) => attempts > 0)).toHaveLength(10);
    release();
    await becomes(id, 'SENT');
    await service.retryNow();
    await expect.poll(() => service.sql('select 1 from graphile_worker.jobs')).toEqual([]);
    expect(mailServer.mails).toHaveLength(1);
    expect(await outcomesOf(id)).toEqual(['DELIVERED']);
  });

  test('is handed over again after the process died over it, under the same Message-ID', async () => {
    await mailServer.stop();
    const id = await send('Again');
    await expect.poll(() => outcomesOf(id)).toEqual(['FAILED']);
    // What a process that is killed in its second attempt leaves behind: a claim that has yet to run out.
    await service.sql(
      `update notifications set attempts = 2, claimed_until = now() + interval '1 minute' where notification_id = $1`,
      [id],
    );
    await service.sql(`insert into deliveries (notification_id, attempt, transport) values ($1, 2, 'smtp')`, [
      id,
    ]);
    await mailServer.start();
    await service.retryNow();
    await expect.poll(async () => (await jobs()).map(({ attempts }) => attempts)).toEqual([1]);
    expect(mailServer.mails).toEqual([]);
    await service.sql(`update notifications set claimed_until = now() - interval '1 second'`);
    await service.retryNow();
    await becomes(id, 'SENT');
    expect(await outcomesOf(id)).toEqual(['FAILED', 'STARTED', 'DELIVERED']);
    expect(mailServer.mails).toHaveLength(1);
  });

  test('is claimed for little longer than an attempt may take, for a process that died does not let go', async () => {
    const release = mailServer.hold();
    const id = await send('Claimed');
    await expect.poll(() => outcomesOf(id)).toEqual(['STARTED']);
    const [claim] = await service.sql(
      `select extract(epoch from claimed_until - now())::float as seconds from notifications where notification_id = $1`,
      [id],
    );
    expect(claim?.['seconds']).toBeGreaterThan(15);
    expect(claim?.['seconds']).toBeLessThanOrEqual(20);
    release();
    await becomes(id, 'SENT');
  });

  test('that was sent is left alone by a job that comes late', async () => {
    const id = await send('Done');
    await becomes(id, 'SENT');
    await addJob(id);
    await expect.poll(() => service.sql('select 1 from graphile_worker.jobs')).toEqual([]);
    expect(mailServer.mails).toHaveLength(1);
  });
});

describe('a message that is handed over as soon as it is queued', () => {
  const message = {
    userId: 10,
    channel: 'email',
    recipient: 'asha@example.com',
    subject: 'Good morning',
    text: 'Good morning',
  } as const;
  const claimed = { transport: 'smtp', lastsMs: 1_000 };

  test('is handed over by its job when the process died right after the commit', async () => {
    await service.withDatabase(async (database) => {
      const queued = await new NotificationRepository().queue(database, randomUUID(), message, claimed);
      const id = queued?.notificationId ?? 0;
      expect(await outcomesOf(id)).toEqual(['STARTED']);
      expect(mailServer.mails).toEqual([]);
      await becomes(id, 'SENT');
      expect(await outcomesOf(id)).toEqual(['STARTED', 'DELIVERED']);
      await expect.poll(() => jobs()).toEqual([]);
    });
    expect(mailServer.mails).toHaveLength(1);
  });

  test('keeps its job until it is sent, which is due when the claim on it ends', async () => {
    const release = mailServer.hold();
    const id = await send('Wait');
    const waiting = await service.sql(
      `select jobs.run_at = claimed_until as due from notifications, graphile_worker.jobs
       where notification_id = $1 and key = 'deliver-notification:' || message_id`,
      [id],
    );
    expect(waiting).toEqual([{ due: true }]);
    release();
    await becomes(id, 'SENT');
    expect(await jobs()).toEqual([]);
  });

  test('is tried again soon when that fails, by its job alone', async () => {
    mailServer.verdict = 'refuse for now';
    const id = await send('Later');
    await expect.poll(() => outcomesOf(id)).toEqual(['FAILED']);
    mailServer.verdict = 'accept';
    await becomes(id, 'SENT');
    const attempts = await service.sql(
      `select outcome, started_at - created_at < interval '15 seconds' as soon
       from deliveries join notifications using (notification_id) where notification_id = $1 order by attempt`,
      [id],
    );
    expect(attempts).toEqual([
      { outcome: 'FAILED', soon: true },
      { outcome: 'DELIVERED', soon: true },
    ]);
    await expect.poll(() => jobs()).toEqual([]);
  });

  test('is waited for when the service stops', async () => {
    mailServer.delayMs = 500;
    const id = await send('Last words');
    await service.stopProcess();
    expect(await outcomesOf(id)).toEqual(['DELIVERED']);
    expect(await jobs()).toEqual([]);
  });

  test('is one of a few at once, and the others wait for the queue', async () => {
    const release = mailServer.hold();
    const other = await NotificationServiceUnderTest.start({
      SMTP_URL: mailServer.url,
      JOB_CONCURRENCY: '1',
    });
    try {
      const wish = { message: 'One of many' };
      await Promise.all(
        Array.from({ length: 5 }, () => other.send('POST', '/api/notifications/send', 10, wish)),
      );
      const [before] = await other.sql(
        'select count(claimed_until)::int as claimed, count(*)::int as queued from notifications',
      );
      expect(before.queued).toBe(5);
      expect(before.claimed).toBeLessThanOrEqual(2);
      release();
      await expect.poll(() => other.sql(`select 1 from notifications where status = 'SENT'`)).toHaveLength(5);
      expect(mailServer.mails).toHaveLength(5);
    } finally {
      await other.stop();
    }
  });

  test("keeps its job when an attempt gives it up whose claim has become another's", async () => {
    mailServer.verdict = 'refuse for now';
    const id = await send('Whose');
    await expect.poll(() => outcomesOf(id)).toEqual(['FAILED']);
    const [row] = await service.sql('select message_id from notifications where notification_id = $1', [id]);
    await service.sql('update notifications set attempts = 2 where notification_id = $1', [id]);
    await service.withDatabase((database) =>
      new DeliveryRepository().giveUp(
        database,
        {
          ...message,
          html: null,
          notificationId: id,
          messageId: row.message_id,
          attempt: 1,
          attemptSinceRetry: 1,
        },
        'too late',
      ),
    );
    expect(await jobs()).toHaveLength(1);
    mailServer.verdict = 'accept';
    await service.retryNow();
    await becomes(id, 'SENT');
  });
});
