import { expect, test } from 'vitest';
import { bookingEvent } from '../testing/notification-service-under-test.js';
import { bookingMessage } from './booking-message.js';
import { renderHtml, renderText } from './render-message.js';

test('a confirmation reads well as plain text', () => {
  const message = bookingMessage('booking.confirmed', bookingEvent());
  expect(renderText(message)).toBe(`Dear Asha Rao,

Thank you. Your payment has arrived and the seats are yours.

Your journey
  6E 2345  Delhi (DEL) 24 Nov 06:10 – Bengaluru (BLR) 24 Nov 08:55, seats 12A, 12B

Booking reference: BXK7QZ
Amount paid:       ₹12,345.00

Your e-ticket and your invoice are ready to be issued in your account. We wish you a pleasant flight.

Flight Booking`);
});

test('whatever a customer is called, it is text in the HTML', () => {
  const name = `<script>alert("1")</script> & 'Co'`;
  const message = bookingMessage(
    'booking.cancelled',
    bookingEvent({
      contact: { name, email: 'a@example.com' },
      journey: ['<b>DEL</b>'],
      reason: '<img src=x>',
    }),
  );
  const html = renderHtml(message);
  expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;Co&#39;');
  expect(html).toContain('<li style="margin:0 0 6px">&lt;b&gt;DEL&lt;/b&gt;</li>');
  expect(html).not.toMatch(/<script|<img|<b>/);
});

test('a cancellation without a refund promises none', () => {
  const free = renderText(bookingMessage('booking.cancelled', bookingEvent({ amount_paise: 0 })));
  expect(free).toContain('Nothing had been paid');
  expect(free).not.toContain('₹');
  const refunded = renderText(bookingMessage('booking.cancelled', bookingEvent({ amount_paise: 50_050 })));
  expect(refunded).toContain('₹500.50 will be returned');
});

test('a cancellation that keeps a part of the fare says what comes back and what does not', () => {
  const partly = bookingEvent({ amount_paise: 291_799 });
  const message = bookingMessage('booking.cancelled', { ...partly, kept_paise: 300_001 });
  expect(renderText(message)).toContain(
    'You get back ₹2,917.99, to the payment method that you used; ₹3,000.01 is kept',
  );
  expect(message.facts).toEqual(
    expect.arrayContaining([
      ['Refund', '₹2,917.99'],
      ['Kept', '₹3,000.01'],
    ]),
  );
  const nothing = bookingMessage('booking.cancelled', {
    ...bookingEvent({ amount_paise: 0 }),
    kept_paise: 300_001,
  });
  expect(renderText(nothing)).toContain('You get nothing back: ₹3,000.01, all that you paid, is kept');
  expect(renderText(nothing)).not.toContain('Refund');
});

test('an event without a journey leaves no empty heading', () => {
  const message = bookingMessage('booking.expired', bookingEvent({ journey: [] }));
  expect(renderText(message)).not.toContain('Your journey');
  expect(renderHtml(message)).not.toContain('Your journey');
});
