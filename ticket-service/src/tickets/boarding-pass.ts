import { setImmediate } from 'node:timers/promises';
import { formatTicketNumber } from './ticket-number.js';
import { ticketName } from './passenger-name.js';
import { boardingPassCode, flightOf, passengerNameOf, type Coupon, type Ticket } from './ticket.js';
import { formatDate, localTime } from '../time/local-time.js';
import { drawBarcode } from '../documents/barcode.js';
import { formatFlightNumber, formatPlace } from './flight-card.js';
import { SPECIMEN } from '../documents/furniture.js';
import { COLOURS, CONTENT_WIDTH, PAGE, STYLES, put, putField, type Pdf } from '../documents/pdf.js';

const PASSES_PER_PAGE = 3;
const PASS_HEIGHT = 238;
const PASS_PITCH = 252;
const STUB_WIDTH = 150;
const STRIP_HEIGHT = 28;
const PADDING = 14;

/** Gate closure before departure, as the notes of the receipt have it for boarding. */
const BOARDING_LEAD_MS = 45 * 60_000;

/** What both halves of a pass print. */
interface PassText {
  readonly name: string;
  readonly flight: string;
  readonly airline: string;
  readonly source: string;
  readonly destination: string;
  readonly from: string;
  readonly to: string;
  readonly date: string;
  readonly boards: string;
  readonly departs: string;
  readonly cabin: string;
  readonly seat: string;
  readonly sequence: string;
  readonly ticketNumber: string;
}

function passText(ticket: Ticket, coupon: Coupon): PassText {
  const flight = flightOf(ticket, coupon);
  const departure = new Date(flight.departure_time);
  const zone = flight.source.time_zone;
  const departs = localTime(departure, zone);
  return {
    name: ticketName(passengerNameOf(ticket, coupon)),
    flight: formatFlightNumber(flight),
    airline: flight.airline.name,
    source: flight.source.code,
    destination: flight.destination.code,
    from: formatPlace(flight.source),
    to: formatPlace(flight.destination),
    date: formatDate(departs),
    boards: localTime(new Date(departure.getTime() - BOARDING_LEAD_MS), zone).clock,
    departs: `${departs.clock} ${departs.zoneName}`,
    cabin: coupon.cabin === 'business' ? 'Business' : 'Economy',
    seat: coupon.seatNumber,
    sequence: String(coupon.checkInSequence).padStart(4, '0'),
    ticketNumber: formatTicketNumber(coupon.ticketNumber),
  };
}

function drawFields(
  pdf: Pdf,
  fields: readonly (readonly [string, string])[],
  box: { x: number; y: number; width: number },
): void {
  const width = box.width / fields.length;
  fields.forEach(([label, value], index) =>
    putField(pdf, label, value, { x: box.x + index * width, y: box.y, width: width - 6 }, STYLES.figure),
  );
}

function drawFrame(pdf: Pdf, text: PassText, y: number): void {
  const { margin } = PAGE;
  const perforation = margin + CONTENT_WIDTH - STUB_WIDTH;
  pdf.save();
  pdf.roundedRect(margin, y, CONTENT_WIDTH, PASS_HEIGHT, 8).clip();
  pdf.rect(margin, y, CONTENT_WIDTH, STRIP_HEIGHT).fill(COLOURS.brand);
  pdf.restore();
  pdf.roundedRect(margin, y, CONTENT_WIDTH, PASS_HEIGHT, 8).lineWidth(0.8).strokeColor(COLOURS.line).stroke();
  pdf
    .moveTo(perforation, y + STRIP_HEIGHT)
    .lineTo(perforation, y + PASS_HEIGHT)
    .dash(3, { space: 3 })
    .strokeColor(COLOURS.muted)
    .stroke()
    .undash();
  const strip = { ...STYLES.heading, colour: COLOURS.white };
  put(pdf, text.airline, { x: margin + PADDING, y: y + 7, width: 180 }, strip);
  put(
    pdf,
    'Boarding pass',
    { x: margin, y: y + 7, width: CONTENT_WIDTH - STUB_WIDTH - PADDING, align: 'right' },
    strip,
  );
  put(pdf, text.flight, { x: perforation + PADDING, y: y + 7 }, strip);
}

function drawMain(pdf: Pdf, text: PassText, ticket: Ticket, y: number): void {
  const x = PAGE.margin + PADDING;
  const width = CONTENT_WIDTH - STUB_WIDTH - 2 * PADDING;
  putField(pdf, 'Passenger', text.name, { x, y: y + 36, width: width - 90 }, STYLES.figure);
  putField(pdf, 'Record locator', ticket.pnr, { x: x + width - 84, y: y + 36 }, STYLES.figure);
  put(pdf, text.source, { x, y: y + 63 }, { ...STYLES.airport, size: 24 });
  put(pdf, text.destination, { x: x + width / 2 + 10, y: y + 63 }, { ...STYLES.airport, size: 24 });
  put(pdf, text.from, { x, y: y + 94, width: width / 2 - 20 }, STYLES.small);
  put(pdf, text.to, { x: x + width / 2 + 10, y: y + 94, width: width / 2 - 10 }, STYLES.small);
  const arrow = { y: y + 80, start: x + 66, end: x + width / 2 - 8 };
  pdf
    .moveTo(arrow.start, arrow.y)
    .lineTo(arrow.end - 5, arrow.y)
    .lineWidth(1)
    .strokeColor(COLOURS.accent)
    .stroke();
  pdf
    .polygon([arrow.end, arrow.y], [arrow.end - 7, arrow.y - 3.5], [arrow.end - 7, arrow.y + 3.5])
    .fill(COLOURS.accent);
  drawFields(
    pdf,
    [
      ['Date', text.date],
      ['Boards', text.boards],
      ['Departs', text.departs],
      ['Seat', text.seat],
    ],
    { x, y: y + 113, width: width + 12 },
  );
}

function drawStub(pdf: Pdf, text: PassText, ticket: Ticket, y: number): void {
  const x = PAGE.margin + CONTENT_WIDTH - STUB_WIDTH + PADDING;
  const width = STUB_WIDTH - 2 * PADDING;
  putField(pdf, 'Passenger', text.name, { x, y: y + 36, width });
  put(pdf, `${text.source} – ${text.destination}`, { x, y: y + 62 }, { ...STYLES.airport, size: 15 });
  const rows: [[string, string], [string, string]][] = [
    [
      ['Date', text.date],
      ['Seat', text.seat],
    ],
    [
      ['Departs', text.departs],
      ['Sequence', text.sequence],
    ],
    [
      ['Cabin', text.cabin],
      ['Locator', ticket.pnr],
    ],
  ];
  rows.forEach((pair, row) =>
    pair.forEach(([label, value], column) =>
      putField(pdf, label, value, {
        x: x + column * 74,
        y: y + 90 + row * 30,
        width: column === 0 ? 72 : width - 74,
      }),
    ),
  );
  putField(pdf, 'E-ticket', text.ticketNumber, { x, y: y + 180, width });
  put(pdf, 'Specimen', { x, y: y + 214, width }, STYLES.warning);
}

/** Stands where the barcode of an open coupon is. */
function drawStatus(
  pdf: Pdf,
  status: Coupon['status'],
  box: { x: number; y: number; width: number; height: number },
): void {
  pdf
    .roundedRect(box.x, box.y, box.width, box.height, 5)
    .lineWidth(1.5)
    .strokeColor(COLOURS.warning)
    .stroke();
  const style = { ...STYLES.airport, colour: COLOURS.warning };
  put(pdf, status, { x: box.x, y: box.y + 17, width: box.width, align: 'center' }, style);
}

function drawPass(pdf: Pdf, ticket: Ticket, coupon: Coupon, y: number): void {
  const text = passText(ticket, coupon);
  drawFrame(pdf, text, y);
  drawMain(pdf, text, ticket, y);
  drawStub(pdf, text, ticket, y);
  const x = PAGE.margin + PADDING;
  const box = { x, y: y + 150, width: 310, height: 60 };
  if (coupon.status === 'OPEN') drawBarcode(pdf, boardingPassCode(ticket, coupon), box);
  else drawStatus(pdf, coupon.status, box);
  put(pdf, SPECIMEN, { x, y: y + 215 }, STYLES.warning);
}

/** Adds pages with one boarding-pass specimen for every coupon, pausing between them for other work, until aborted. */
export async function drawBoardingPasses(
  pdf: Pdf,
  ticket: Ticket,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const [index, coupon] of ticket.coupons.entries()) {
    signal?.throwIfAborted();
    if (index % PASSES_PER_PAGE === 0) pdf.addPage();
    drawPass(pdf, ticket, coupon, PAGE.margin + (index % PASSES_PER_PAGE) * PASS_PITCH);
    await setImmediate();
  }
}
