import type { FlightDetail, FlightStop } from '@flight-booking/contracts';
import { formatWeekdayDate, localTime } from '../time/local-time.js';
import { COLOURS, CONTENT_WIDTH, PAGE, STYLES, put, type Pdf } from '../documents/pdf.js';

/** Height of one card with the gap below it. */
export const FLIGHT_CARD_HEIGHT = 104;

const CARD_HEIGHT = 96;
const STOP_WIDTH = 165;
const MINUTES_PER_HOUR = 60;

/** `2 h 15 min`. */
function formatDuration(minutes: number): string {
  const hours = Math.floor(minutes / MINUTES_PER_HOUR);
  const rest = minutes % MINUTES_PER_HOUR;
  return [hours > 0 ? `${hours} h` : '', rest > 0 ? `${rest} min` : '']
    .filter((part) => part !== '')
    .join(' ');
}

/** `AI 865`, however the flight's number is spaced. */
export function formatFlightNumber(flight: FlightDetail): string {
  const { code } = flight.airline;
  return flight.flight_number.startsWith(code)
    ? `${code} ${flight.flight_number.slice(code.length).trim()}`
    : flight.flight_number;
}

/** `Delhi, Terminal 3`, as far as the terminal is known. */
export const formatPlace = (stop: FlightStop): string =>
  stop.terminal === undefined ? stop.city : `${stop.city}, Terminal ${stop.terminal.replace(/^T(?=\d)/, '')}`;

function drawStop(
  pdf: Pdf,
  stop: FlightStop,
  at: Date,
  box: { x: number; y: number; align: 'left' | 'right' },
) {
  const time = localTime(at, stop.time_zone);
  const line = (y: number) => ({ ...box, y: box.y + y, width: STOP_WIDTH });
  put(pdf, `${stop.code}  ${time.clock}`, line(0), STYLES.airport);
  put(pdf, `${formatWeekdayDate(time)} (${time.zoneName})`, line(27), STYLES.strong);
  put(pdf, formatPlace(stop), line(40), STYLES.body);
  put(pdf, stop.airport, line(53), { ...STYLES.small, size: 7 });
}

function drawArrow(pdf: Pdf, flight: FlightDetail, box: { x: number; y: number; width: number }): void {
  const end = box.x + box.width;
  pdf
    .moveTo(box.x, box.y)
    .lineTo(end - 4, box.y)
    .lineWidth(1)
    .strokeColor(COLOURS.accent)
    .stroke();
  pdf.circle(box.x, box.y, 2.2).fill(COLOURS.accent);
  pdf.polygon([end, box.y], [end - 7, box.y - 3.5], [end - 7, box.y + 3.5]).fill(COLOURS.accent);
  put(
    pdf,
    formatDuration(flight.duration_minutes),
    { x: box.x, y: box.y - 15, width: box.width, align: 'center' },
    STYLES.small,
  );
  put(pdf, 'Non-stop', { x: box.x, y: box.y + 5, width: box.width, align: 'center' }, STYLES.small);
}

/** Draws one flight of a journey: where from and to, when by each airport's clocks, with whom. */
export function drawFlightCard(pdf: Pdf, flight: FlightDetail, cabins: string, y: number): void {
  const { margin } = PAGE;
  pdf.roundedRect(margin, y, CONTENT_WIDTH, CARD_HEIGHT, 5).fill(COLOURS.wash);
  const heading = { x: margin + 14, y: y + 8, width: CONTENT_WIDTH - 28 };
  put(pdf, `${flight.airline.name}  ${formatFlightNumber(flight)}`, heading, STYLES.heading);
  put(pdf, `${cabins} · ${flight.aircraft_type}`, { ...heading, y: y + 9, align: 'right' }, STYLES.body);
  drawStop(pdf, flight.source, new Date(flight.departure_time), { x: margin + 14, y: y + 26, align: 'left' });
  drawArrow(pdf, flight, { x: margin + 190, y: y + 44, width: CONTENT_WIDTH - 380 });
  drawStop(pdf, flight.destination, new Date(flight.arrival_time), {
    x: margin + CONTENT_WIDTH - 14 - STOP_WIDTH,
    y: y + 26,
    align: 'right',
  });
}
