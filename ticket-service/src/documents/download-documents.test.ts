import { afterAll, beforeAll, expect, it } from 'vitest';
import { TicketServiceUnderTest } from '../testing/ticket-service-under-test.js';

const service = new TicketServiceUnderTest();

beforeAll(() => service.start());
afterAll(() => service.stop());

const ticketPdf = async (): Promise<string> => {
  const passengers = Array.from({ length: 9 }, (_, index) => ({
    name: `Ms Asha ${'ABCDEFGHI'[index]} Sharma`,
  }));
  return (await service.generate(service.book({ passengers }).booking_id)).body.pdf_url;
};

it('many downloads of one ticket are one drawing, and others are answered meanwhile', async () => {
  const url = await ticketPdf();
  const downloads = Promise.all(Array.from({ length: 40 }, () => service.get(url)));
  const other = service.get('/api/tickets/999999');
  expect((await other).status).toBe(404);
  expect(new Set((await downloads).map(({ status }) => status))).toEqual(new Set([200]));
});

it('downloads of more tickets than can be drawn soon are refused, and may be repeated', async () => {
  const urls: string[] = [];
  for (let ticket = 0; ticket < 20; ticket += 1) urls.push(await ticketPdf());
  const answers = await Promise.all(urls.map((url) => service.get(url)));
  const refused = answers.filter(({ status }) => status === 503);
  expect(refused.length).toBeGreaterThan(0);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  for (const { body, headers } of refused) {
    expect(body.type).toBe('too-many-documents');
    expect(headers.get('retry-after')).toBe('3');
  }
  const [again] = urls.filter((_, index) => answers[index]?.status === 503);
  expect((await service.get(String(again))).status).toBe(200);
});

it('a ticket that is cancelled is drawn anew', async () => {
  const booking = service.book();
  const url = (await service.generate(booking.booking_id)).body.pdf_url;
  const valid = await service.get(url);
  await service.cancelled(booking.booking_id);
  expect((await service.get(url)).body).not.toEqual(valid.body);
});
