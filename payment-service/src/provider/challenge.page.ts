import { formatPaise } from '@flight-booking/contracts';
import { html, type Html } from '@flight-booking/platform';
import type { StoredCharge } from './mock-charge.js';

const STYLE = html`<style>
  body {
    font:
      1rem/1.5 system-ui,
      sans-serif;
    max-width: 26rem;
    margin: 4rem auto;
    padding: 0 1rem;
  }
  .amount {
    font-size: 2rem;
    font-weight: 600;
  }
  form {
    display: inline-block;
    margin-right: 1rem;
  }
  button {
    font: inherit;
    padding: 0.5rem 1.5rem;
  }
</style>`;

/** What the page says once there is nothing to decide any more. */
const ENDED: Readonly<Record<Exclude<StoredCharge['status'], 'CHALLENGED'>, string>> = {
  CAPTURED: 'You approved the payment. You can close this page.',
  DECLINED: 'The payment was not made. You can close this page and pay another way.',
  PENDING: 'The payment is being made. You can close this page.',
  ABANDONED: 'The payment was given up. You can close this page.',
};

/**
 * The page on which a customer approves a charge or denies it. Its forms have no fields: the address is the secret.
 * @param path of this page
 */
export function challengePage({ status, amountPaise }: StoredCharge, path: string): Buffer {
  const content =
    status === 'CHALLENGED'
      ? html`<p>Approve this payment?</p>
          ${formOf(`${path}/approve`, 'Approve')}${formOf(`${path}/deny`, 'Deny')}`
      : html`<p role="status">${ENDED[status]}</p>`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Approve a payment (test)</title>
        ${STYLE}
      </head>
      <body>
        <h1>Mock payment provider</h1>
        <p class="amount">${formatPaise(amountPaise)}</p>
        ${content}
        <p>This is a test: no money moves.</p>
      </body>
    </html> `;
  return Buffer.from(page.markup);
}

const formOf = (action: string, label: string): Html =>
  html`<form method="post" action="${action}"><button type="submit">${label}</button></form>`;
