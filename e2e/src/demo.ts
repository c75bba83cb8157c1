import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { withStatus, type Exchange } from './api/api-client.js';
import { Customer, dateInDays } from './api/customer.js';

const GATEWAY_URL = process.env.GATEWAY_URL ?? `http://localhost:${process.env.GATEWAY_PORT ?? 8080}`;
const OUTPUT_DIR = resolve(process.env.DEMO_OUTPUT ?? 'demo-output');
const SEATS = 2;
const TRAVEL_IN_DAYS = 14;
const MAX_LINES = 20;
const WIDTH = 110;
const MARGIN = '      ';

/** Blotted out when a step is shown: what is printed gets pasted into issues. */
const SECRETS = new Set(['token', 'refresh_token', 'password']);

let steps = 0;
let totalMs = 0;

/** Shows one step: what was asked, what was answered, and how long it took. */
function show(title: string, exchange: Exchange): void {
  const { method, path, requestBody, status, durationMs, body } = exchange;
  steps += 1;
  totalMs += durationMs;
  const outcome = `${status} ${durationMs.toFixed(0).padStart(6)} ms`;
  console.log(
    `\n${String(steps).padStart(3)}.  ${title.padEnd(WIDTH - outcome.length - MARGIN.length)}${outcome}`,
  );
  console.log(margin(`${method} ${path}`));
  if (requestBody !== undefined) console.log(margin(layOut(withoutSecrets(requestBody))));
  console.log(
    margin(Buffer.isBuffer(body) ? `-> ${body.length} bytes` : `-> ${shorten(layOut(withoutSecrets(body)))}`),
  );
}

const margin = (text: string): string => text.replaceAll(/^/gm, MARGIN);

/** A copy in which secrets are no more than recognisable. */
const withoutSecrets = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (name, member: unknown) =>
      SECRETS.has(name) && typeof member === 'string' ? `${member.slice(0, 4)}…` : member,
    ),
  );

/** JSON in which whatever fits on a line is on one. */
function layOut(value: unknown, indent = ''): string {
  const line = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || line.length + indent.length <= WIDTH - 20) return line;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => inner + layOut(item, inner))
    : Object.entries(value).map(([name, member]) => `${inner}"${name}": ${layOut(member, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`;
}

function shorten(text: string): string {
  const lines = text.split('\n').map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line));
  if (lines.length <= MAX_LINES) return lines.join('\n');
  return [...lines.slice(0, MAX_LINES), `… ${lines.length - MAX_LINES} more lines`].join('\n');
}

async function save(customer: Customer, path: string, name: string): Promise<void> {
  const exchange = withStatus(await customer.api.get(path), 200);
  show(`Download ${name}`, exchange);
  await writeFile(resolve(OUTPUT_DIR, name), exchange.body as Buffer);
}

/** The whole journey as a customer makes it, shown step by step. */
async function demo(): Promise<void> {
  const customer = new Customer(GATEWAY_URL);
  show('Sign up', withStatus(await customer.signUp(), 201));

  const search = withStatus(
    await customer.search('DEL', 'BLR', dateInDays(TRAVEL_IN_DAYS), `&passengers=${SEATS}&max_stops=0`),
    200,
  );
  show('Search Delhi to Bengaluru', search);
  const [{ price, legs }] = search.body.itineraries;
  const [flight] = legs;

  const lock = await customer.api.post('/api/seats/lock', {
    flight_id: flight.flight_id,
    user_id: customer.userId,
    num_seats: SEATS,
  });
  show('Lock two seats that lie together', withStatus(lock, 201));

  show(
    'See what a discount code is worth',
    withStatus(
      await customer.api.post('/api/discounts/validate', {
        code: 'FLY50',
        amount: price.amount * SEATS,
      }),
      200,
    ),
  );

  const booking = await customer.api.post('/api/bookings/create', {
    flight_id: flight.flight_id,
    user_id: customer.userId,
    num_seats: SEATS,
    lock_id: lock.body.lock_id,
    discount_code: 'FLY50',
    shown_fares: flight.fares,
    passengers: [
      { name: 'Asha Sharma', age: 34, email: customer.email },
      { name: 'Ravi Sharma', age: 36 },
    ],
  });
  show('Book them for two passengers, at the fares that the search showed', withStatus(booking, 201));
  const { booking_id: bookingId, amount_due: amountDue } = booking.body;

  show('Pay', withStatus(await customer.pay(bookingId, amountDue, { payment_method: 'tok_success' }), 201));
  const ticket = withStatus(await customer.ticket(bookingId), 201);
  show('Have the ticket', ticket);

  await mkdir(OUTPUT_DIR, { recursive: true });
  await save(customer, `/api/tickets/${ticket.body.ticket_id}.pdf`, 'ticket.pdf');
  await save(customer, `/api/invoices/${ticket.body.invoice_id}.pdf`, 'invoice.pdf');
  show('Read the confirmation that was sent', withStatus(await customer.api.get('/api/notifications'), 200));
  console.log(
    `\n${steps} steps in ${totalMs.toFixed(0)} ms. Booking ${booking.body.pnr} is paid and ticketed: ${SEATS} seats on\n` +
      `${flight.flight_number} from ${flight.source} to ${flight.destination} at ${flight.departure_time} for INR ${amountDue.toFixed(2)}.`,
  );
  console.log(`The ticket and the invoice lie in ${OUTPUT_DIR}`);
}

try {
  await demo();
} catch (error) {
  const refused = error instanceof TypeError && error.cause !== undefined;
  console.error(
    refused
      ? `Nothing answers at ${GATEWAY_URL}. Run npm start in another terminal first.`
      : `\n${(error as Error).message}`,
  );
  process.exitCode = 1;
}
