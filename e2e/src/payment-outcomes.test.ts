import { beforeAll, describe, expect, inject, it } from 'vitest';
import { signInAsAdministrator } from './api/administrator.js';
import type { Exchange } from './api/api-client.js';
import { newCustomer, type Customer } from './api/customer.js';
import { book, eventually, type JourneyBooking } from './testing/journeys.js';

const gatewayUrl = inject('gatewayUrl');
const NEAR_HOURS = 100;

/** A customer with a booking that is to be paid, and what can be seen of it. */
class Checkout {
  constructor(
    readonly customer: Customer,
    readonly booking: JourneyBooking,
  ) {}

  payWith(token: string): Promise<Exchange> {
    return this.customer.pay(this.booking.booking_id, this.booking.amount_due, { payment_method: token });
  }

  async status(): Promise<string> {
    return (await this.customer.booking(this.booking.booking_id)).body.status;
  }

  payments(): Promise<Exchange['body'][]> {
    return this.customer.payments(this.booking.booking_id);
  }

  async paymentStatuses(): Promise<string[]> {
    return (await this.payments()).map(({ status }) => status);
  }

  async entries(event: string): Promise<Exchange['body'][]> {
    const entries = await this.customer.timeline(this.booking.booking_id);
    return entries.filter((entry) => entry.event === event);
  }
}

let flight: number;

beforeAll(async () => {
  flight = await (await signInAsAdministrator(gatewayUrl, inject('admin'))).addFlight(NEAR_HOURS);
});

async function checkout(): Promise<Checkout> {
  const customer = await newCustomer(gatewayUrl);
  return new Checkout(customer, await book(customer, flight));
}

describe.concurrent('a payment that goes well', () => {
  it.each([
    'tok_success',
    'tok_slow',
    'tok_duplicate_webhook',
    'tok_duplicate_webhook_10',
    'tok_webhook_first',
    'tok_webhooks_out_of_order',
  ])('with %s confirms the booking once', async (token) => {
    const there = await checkout();
    const paid = await there.payWith(token);
    expect([paid.status, paid.body.status]).toEqual([201, 'SUCCEEDED']);
    expect(await there.status()).toBe('CONFIRMED');
    await eventually(
      () => there.entries('webhook.received'),
      (value) => expect(value).not.toEqual([]),
    );
    expect(await there.paymentStatuses()).toEqual(['SUCCEEDED']);
    expect(await there.entries('payment.captured')).toHaveLength(1);
    expect(await there.entries('booking.confirmed')).toHaveLength(1);
    await eventually(
      () => there.customer.messages(there.booking.booking_id),
      (value) => expect(value).toEqual(['booking.confirmed']),
    );
  });

  it('is told how often the provider repeated itself', async () => {
    const there = await checkout();
    await there.payWith('tok_duplicate_webhook_10');
    await eventually(
      () => there.entries('webhook.received'),
      (value) =>
        expect(value).toMatchObject([
          { detail: expect.stringContaining('came 10 times'), cause: 'payment provider' },
        ]),
    );
  });

  it('is not believed to have failed by a webhook that comes too late', async () => {
    const there = await checkout();
    await there.payWith('tok_webhooks_out_of_order');
    await eventually(
      async () => (await there.entries('webhook.received')).length,
      (value) => expect(value).toBe(2),
    );
    expect([await there.status(), await there.paymentStatuses()]).toEqual(['CONFIRMED', ['SUCCEEDED']]);
  });

  it('confirms the booking although the provider never answered', async () => {
    const there = await checkout();
    const paid = await there.payWith('tok_timeout_after_capture');
    expect([201, 202]).toContain(paid.status);
    await eventually(
      () => there.status(),
      (value) => expect(value).toBe('CONFIRMED'),
    );
    await eventually(
      () => there.paymentStatuses(),
      (value) => expect(value).toEqual(['SUCCEEDED']),
    );
    expect(await there.entries('payment.captured')).toHaveLength(1);
  });
});

describe.concurrent('a payment that is declined', () => {
  it.each([
    ['tok_declined', 'card_declined'],
    ['tok_insufficient_funds', 'insufficient_funds'],
    ['tok_expired_card', 'expired_card'],
    ['tok_incorrect_cvc', 'incorrect_cvc'],
    ['tok_processing_error', 'processing_error'],
  ])('with %s takes nothing, says %s, and the booking can be paid another way', async (token, reason) => {
    const there = await checkout();
    const declined = await there.payWith(token);
    expect([declined.status, declined.body.type, declined.body.decline_reason]).toEqual([
      402,
      'payment-declined',
      reason,
    ]);
    expect([await there.status(), await there.paymentStatuses()]).toEqual(['PENDING', ['FAILED']]);
    expect((await there.payWith('tok_success')).status).toBe(201);
    expect([await there.status(), await there.paymentStatuses()]).toEqual([
      'CONFIRMED',
      ['SUCCEEDED', 'FAILED'],
    ]);
  });

  it('and succeeds after all confirms the booking that was not paid meanwhile', async () => {
    const there = await checkout();
    expect((await there.payWith('tok_late_success')).status).toBe(402);
    await eventually(
      () => there.status(),
      (value) => expect(value).toBe('CONFIRMED'),
    );
    await eventually(
      () => there.paymentStatuses(),
      (value) => expect(value).toEqual(['SUCCEEDED']),
    );
  });

  it('and succeeds after the booking was paid another way goes back in full', async () => {
    const there = await checkout();
    expect((await there.payWith('tok_late_success')).status).toBe(402);
    expect((await there.payWith('tok_success')).status).toBe(201);
    await eventually(
      () => there.paymentStatuses(),
      (value) => expect(value).toEqual(['SUCCEEDED', 'REFUNDED']),
    );
    const [, late] = await there.payments();
    expect(late.refunds).toMatchObject([
      { status: 'SUCCEEDED', amount: there.booking.amount_due, reason_code: 'already_paid' },
    ]);
    expect(await there.status()).toBe('CONFIRMED');
  });
});

describe.concurrent('a provider that errs', () => {
  it('and takes a wrong amount has to give all of it back; the booking can be paid again', async () => {
    const there = await checkout();
    const wrong = await there.payWith('tok_wrong_amount');
    expect([wrong.status, wrong.body.type]).toEqual([409, 'captured-amount-differs']);
    await eventually(
      () => there.paymentStatuses(),
      (value) => expect(value).toEqual(['REFUNDED']),
    );
    const [payment] = await there.payments();
    expect(payment.refunded_amount).toBeCloseTo(there.booking.amount_due + 1, 2);
    expect(await there.status()).toBe('PENDING');
    expect((await there.payWith('tok_success')).status).toBe(201);
    expect(await there.status()).toBe('CONFIRMED');
  });

  it('and fails a refund is asked again until the money is back', async () => {
    const there = await checkout();
    expect((await there.payWith('tok_refund_fails')).status).toBe(201);
    const cancelled = await there.customer.cancelAsQuoted(there.booking.booking_id);
    const { amount } = cancelled.body.cancellation.refund;
    await eventually(
      async () => (await there.payments())[0],
      (value) =>
        expect(value).toMatchObject({ refunded_amount: amount, refunds: [{ status: 'SUCCEEDED', amount }] }),
    );
    expect(await there.entries('refund.failed')).toHaveLength(1);
    expect(await there.entries('refund.succeeded')).toHaveLength(1);
  });
});

describe.concurrent('a payment that its customer has to approve', () => {
  const FORM = /<form method="post" action="([^"]+)"/g;

  /** The page, as a browser without a session sees it, and where its forms lead. */
  const open = async (url: string): Promise<{ page: string; forms: string[] }> => {
    const response = await fetch(url);
    const page = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    return { page, forms: Array.from(page.matchAll(FORM), ([, action = '']) => new URL(action, url).href) };
  };
  const submit = (action: string): Promise<Response> =>
    fetch(action, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  /** Begins the payment; the page of it with what approves it and what denies it. */
  const challenge = async (there: Checkout) => {
    const { status, body } = await there.payWith('tok_challenge');
    expect([status, body.status]).toEqual([202, 'PROCESSING']);
    expect(body.challenge_url).toMatch(new RegExp(`^${gatewayUrl}/`));
    const { page, forms } = await open(body.challenge_url);
    expect(forms).toHaveLength(2);
    return { url: body.challenge_url, page, approve: forms[0] ?? '', deny: forms[1] ?? '' };
  };

  it('confirms the booking once they approve it', async () => {
    const there = await checkout();
    const { url, page, approve } = await challenge(there);
    expect(page).toContain('Approve this payment?');
    expect(await there.status()).toBe('PENDING');
    expect((await submit(approve)).status).toBe(200);
    await eventually(
      () => there.status(),
      (value) => expect(value).toBe('CONFIRMED'),
    );
    expect(await there.paymentStatuses()).toEqual(['SUCCEEDED']);
    expect((await open(url)).page).toContain('You approved the payment.');
  });

  it('takes nothing when they deny it, and the booking can be paid another way', async () => {
    const there = await checkout();
    const { url, approve, deny } = await challenge(there);
    expect((await submit(deny)).status).toBe(200);
    await eventually(
      () => there.paymentStatuses(),
      (value) => expect(value).toEqual(['FAILED']),
    );
    expect((await there.payments())[0].decline_reason).toBe('challenge_denied');
    // The first decision counts.
    expect((await submit(approve)).status).toBe(200);
    expect((await open(url)).forms).toEqual([]);
    expect([await there.status(), await there.paymentStatuses()]).toEqual(['PENDING', ['FAILED']]);
    expect((await there.payWith('tok_success')).status).toBe(201);
  });

  it('stands in the way of another until it is decided', async () => {
    const there = await checkout();
    const { deny } = await challenge(there);
    const second = await there.payWith('tok_success');
    expect([second.status, second.body.type]).toEqual([409, 'payment-in-progress']);
    await submit(deny);
    await eventually(
      () => there.paymentStatuses(),
      (value) => expect(value).toEqual(['FAILED']),
    );
  });

  it('has a page that nobody finds who was not told its address', async () => {
    const response = await fetch(`${gatewayUrl}/api/payments/mock-provider/challenges/${'a'.repeat(43)}`);
    expect(response.status).toBe(404);
  });
});

describe.concurrent('two tabs', () => {
  it('in which one booking is paid at once charge it once, whichever way each pays', async () => {
    const there = await checkout();
    const answers = await Promise.all([there.payWith('tok_slow'), there.payWith('tok_success')]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    expect(await there.paymentStatuses()).toEqual(['SUCCEEDED']);
    expect(await there.status()).toBe('CONFIRMED');
  });

  it('one of which cancels what the other is paying end with all money back', async () => {
    const there = await checkout();
    const paying = there.payWith('tok_slow');
    await eventually(
      () => there.paymentStatuses(),
      (value) => expect(value).toEqual(['PROCESSING']),
    );
    const cancelled = await there.customer.cancel(there.booking.booking_id);
    const paid = await paying;
    expect(cancelled.status).toBe(200);
    expect([paid.status, paid.body.type]).toEqual([409, 'booking-cancelled']);
    await eventually(
      () => there.paymentStatuses(),
      (value) => expect(value).toEqual(['REFUNDED']),
    );
    const [payment] = await there.payments();
    expect(payment.refunded_amount).toBe(there.booking.amount_due);
    expect(await there.status()).toBe('CANCELLED');
  });
});
