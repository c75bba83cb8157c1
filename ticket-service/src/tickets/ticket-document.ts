import { formatPaise, type BookingDetail, type PriceLineKind } from '@flight-booking/contracts';
import { formatTicketNumber } from './ticket-number.js';
import { ticketName } from './passenger-name.js';
import { passengerNameOf, type Coupon, type Ticket } from './ticket.js';
import { INDIA_TIME_ZONE, formatDate, localTime } from '../time/local-time.js';
import { drawBoardingPasses } from './boarding-pass.js';
import { FLIGHT_CARD_HEIGHT, drawFlightCard, formatFlightNumber } from './flight-card.js';
import { printableContact } from '../documents/printable-contact.js';
import {
  SPECIMEN,
  drawBand,
  drawBanner,
  drawFooters,
  drawHeading,
  makeRoom,
} from '../documents/furniture.js';
import {
  COLOURS,
  CONTENT_WIDTH,
  PAGE,
  STYLES,
  closePdf,
  openPdf,
  put,
  putField,
  putParagraph,
  putRule,
  type Pdf,
} from '../documents/pdf.js';

const ROW_HEIGHT = 27;
const FARE_ROW_HEIGHT = 15;

/** How the parts of the fare are called on the receipt, in the order in which they appear there. */
const FARE_PARTS: readonly (readonly [PriceLineKind, string])[] = [
  ['base_fare', 'Base fare'],
  ['fuel_surcharge', 'Fuel surcharge'],
  ['discount', 'Discount'],
  ['gst', 'Goods and services tax'],
  ['user_development_fee', 'User development fee'],
  ['aviation_security_fee', 'Aviation security fee'],
];

const NOTES =
  'Times are local to each airport. Every passenger shows a photo identity with the name as printed on the ticket. ' +
  'Check-in closes 60 minutes before a domestic and 75 minutes before an international departure. ' +
  'The name on the ticket cannot be passed on to somebody else.';

function drawSummary(pdf: Pdf, ticket: Ticket, y: number): number {
  const fields: [string, string][] = [
    ['Issued', formatDate(localTime(ticket.issuedAt, INDIA_TIME_ZONE))],
    ['Booking', String(ticket.bookingId)],
    ['Passengers', String(ticket.booking.passengers.length)],
    ['Booked by', printableContact(ticket.booking).name],
  ];
  const width = CONTENT_WIDTH / fields.length;
  fields.forEach(([label, value], index) =>
    putField(pdf, label, value, { x: PAGE.margin + index * width, y, width: width - 10 }),
  );
  put(pdf, SPECIMEN, { x: PAGE.margin, y: y + 28 }, STYLES.warning);
  return y + 48;
}

function drawCancellation(pdf: Pdf, cancelledAt: Date, y: number): number {
  const date = formatDate(localTime(cancelledAt, INDIA_TIME_ZONE));
  const note = `The booking was cancelled on ${date}. Nobody may travel with this ticket.`;
  return drawBanner(pdf, { title: 'CANCELLED', note }, y);
}

function cabinsOn(booking: BookingDetail, flightId: number): string {
  const cabins = new Set(
    booking.seats.filter((seat) => seat.flight_id === flightId).map((seat) => seat.cabin),
  );
  return [...cabins].map((cabin) => (cabin === 'business' ? 'Business' : 'Economy')).join(', ');
}

function drawFlights(pdf: Pdf, ticket: Ticket, top: number): number {
  let y = drawHeading(pdf, 'Your flights', top);
  for (const flight of ticket.booking.flights) {
    y = makeRoom(pdf, y, FLIGHT_CARD_HEIGHT);
    drawFlightCard(pdf, flight, cabinsOn(ticket.booking, flight.flight_id), y);
    y += FLIGHT_CARD_HEIGHT;
  }
  return y + 8;
}

const SEAT_COLUMN = { x: 335, width: 74 } as const;

function drawPassengerHeader(pdf: Pdf, ticket: Ticket, y: number): number {
  put(pdf, 'PASSENGER', { x: PAGE.margin, y }, STYLES.label);
  put(pdf, 'E-TICKET NUMBER', { x: 225, y }, STYLES.label);
  ticket.booking.flights.forEach((flight, index) =>
    put(
      pdf,
      `SEAT ${formatFlightNumber(flight)}`,
      { x: SEAT_COLUMN.x + index * SEAT_COLUMN.width, y, width: SEAT_COLUMN.width },
      STYLES.label,
    ),
  );
  putRule(pdf, y + 12);
  return y + 17;
}

function drawPassengerRow(pdf: Pdf, ticket: Ticket, coupons: readonly Coupon[], y: number): number {
  const [first] = coupons;
  if (first === undefined) return y;
  const name = passengerNameOf(ticket, first);
  put(pdf, name, { x: PAGE.margin, y, width: 178 }, STYLES.strong);
  put(pdf, ticketName(name), { x: PAGE.margin, y: y + 12, width: 178 }, { ...STYLES.small, size: 7 });
  put(pdf, formatTicketNumber(first.ticketNumber), { x: 225, y, width: 105 }, STYLES.body);
  for (const coupon of coupons) {
    put(
      pdf,
      coupon.seatNumber,
      { x: SEAT_COLUMN.x + (coupon.couponNumber - 1) * SEAT_COLUMN.width, y },
      STYLES.strong,
    );
  }
  return y + ROW_HEIGHT;
}

function drawPassengers(pdf: Pdf, ticket: Ticket, top: number): number {
  let y = drawHeading(pdf, 'Passengers', makeRoom(pdf, top, 3 * ROW_HEIGHT));
  y = drawPassengerHeader(pdf, ticket, y);
  for (const [index] of ticket.booking.passengers.entries()) {
    y = makeRoom(pdf, y, ROW_HEIGHT);
    y = drawPassengerRow(
      pdf,
      ticket,
      ticket.coupons.filter((coupon) => coupon.passengerIndex === index),
      y,
    );
  }
  return y + 8;
}

function drawFare(pdf: Pdf, booking: BookingDetail, top: number): number {
  const rows = FARE_PARTS.map(([kind, label]) => ({
    label:
      kind === 'discount' && booking.discount_code !== undefined
        ? `${label} (${booking.discount_code})`
        : label,
    lines: booking.price_lines.filter((line) => line.kind === kind),
  })).filter((row) => row.lines.length > 0);
  let y = drawHeading(pdf, 'Fare', makeRoom(pdf, top, (rows.length + 3) * FARE_ROW_HEIGHT + 10));
  const right = { x: PAGE.margin, width: CONTENT_WIDTH, align: 'right' as const };
  for (const row of rows) {
    put(pdf, row.label, { x: PAGE.margin, y }, STYLES.body);
    const amount = row.lines.reduce((total, line) => total + line.amount_paise, 0);
    put(pdf, formatPaise(amount), { ...right, y }, STYLES.body);
    y += FARE_ROW_HEIGHT;
  }
  putRule(pdf, y + 1);
  put(pdf, 'Total paid', { x: PAGE.margin, y: y + 6 }, STYLES.figure);
  put(pdf, formatPaise(booking.amount_due_paise), { ...right, y: y + 6 }, STYLES.figure);
  return y + 34;
}

function drawNotes(pdf: Pdf, top: number): number {
  const y = makeRoom(pdf, top, 50);
  pdf.rect(PAGE.margin, y, 2.5, 34).fill(COLOURS.accent);
  return putParagraph(pdf, NOTES, { x: PAGE.margin + 11, y, width: CONTENT_WIDTH - 11 }, STYLES.small);
}

/**
 * Draws the e-ticket: the itinerary receipt of the whole booking, then a boarding-pass specimen for every
 * coupon. Pauses between passes so that a large booking does not hold up other requests, and ends when it is aborted.
 */
export async function renderTicket(ticket: Ticket, signal?: AbortSignal): Promise<Buffer> {
  const { issuer } = ticket;
  const pdf = openPdf({ title: `E-ticket ${ticket.pnr}`, author: issuer, createdAt: ticket.issuedAt });
  let y = drawBand(pdf, {
    issuer,
    title: 'E-ticket and itinerary receipt',
    note: 'Record locator',
    code: ticket.pnr,
  });
  if (ticket.cancelledAt !== null) y = drawCancellation(pdf, ticket.cancelledAt, y);
  y = drawSummary(pdf, ticket, y);
  y = drawFlights(pdf, ticket, y);
  y = drawPassengers(pdf, ticket, y);
  y = drawFare(pdf, ticket.booking, y);
  drawNotes(pdf, y);
  await drawBoardingPasses(pdf, ticket, signal);
  drawFooters(pdf, `${issuer} · ${ticket.pnr} · ${SPECIMEN}`);
  return closePdf(pdf);
}
