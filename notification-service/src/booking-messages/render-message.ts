import { html } from '@flight-booking/platform';
import type { BookingMessage } from './booking-message.js';

const SIGNATURE = 'Flight Booking';

/** The message as plain text. */
export function renderText({ greeting, lead, journey, facts, closing }: BookingMessage): string {
  const width = Math.max(...facts.map(([label]) => label.length));
  const paragraphs = [
    greeting,
    lead,
    journey.length === 0 ? '' : ['Your journey', ...journey.map((line) => `  ${line}`)].join('\n'),
    facts.map(([label, value]) => `${`${label}:`.padEnd(width + 2)}${value}`).join('\n'),
    closing,
    SIGNATURE,
  ];
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n');
}

/** The message as HTML that every mail program shows: one column, styles inline, nothing to be fetched. */
export function renderHtml({ subject, greeting, lead, journey, facts, closing }: BookingMessage): string {
  const lines = journey.map((line) => html`<li style="margin:0 0 6px">${line}</li>`);
  const rows = facts.map(
    ([label, value]) =>
      html`<tr>
        <td style="padding:4px 16px 4px 0;color:#5b6472">${label}</td>
        <td style="padding:4px 0"><strong>${value}</strong></td>
      </tr>`,
  );
  const itinerary =
    journey.length === 0
      ? html``
      : html`<h2 style="font-size:16px;margin:24px 0 8px">Your journey</h2>
          <ul style="margin:0;padding:0 0 0 20px">
            ${lines}
          </ul>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${subject}</title>
      </head>
      <body
        style="margin:0;background:#f2f4f7;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;color:#1c2430"
      >
        <div style="max-width:560px;margin:0 auto;padding:24px 16px">
          <div style="background:#ffffff;border-radius:8px;padding:24px">
            <h1 style="font-size:20px;margin:0 0 16px">${subject}</h1>
            <p>${greeting}</p>
            <p>${lead}</p>
            ${itinerary}
            <table role="presentation" style="margin:24px 0;border-collapse:collapse">
              ${rows}
            </table>
            <p>${closing}</p>
            <p style="margin:0">${SIGNATURE}</p>
          </div>
        </div>
      </body>
    </html> `.markup;
}
