import { id } from '@flight-booking/platform';
import { z } from 'zod';

export { id, idText } from '@flight-booking/platform';

const FIRST_INSTANT_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_INSTANT_MS = Date.parse('9999-12-31T23:59:59Z');

/** An instant: ISO 8601 with an offset, as RFC 3339 profiles it, and of the years that it can write in UTC. */
export const instant = z.iso.datetime({ offset: true }).refine(
  (text) => {
    const at = Date.parse(text);
    return at >= FIRST_INSTANT_MS && at <= LAST_INSTANT_MS;
  },
  { error: 'must be within the years 0001 to 9999' },
);

/** A calendar date `YYYY-MM-DD` that exists. */
export const calendarDate = z.iso.date();

const CONTROL_CHARACTERS = /^[^\p{Cc}]*$/u;

/** One line of text for people: trimmed, bounded, and free of control characters (so of null bytes too). */
export const lineOfText = (min: number, max: number) =>
  z.string().trim().min(min).max(max).regex(CONTROL_CHARACTERS, 'must not contain control characters');

/** Like {@link lineOfText}, with line breaks and tabs allowed. */
export const paragraphs = (min: number, max: number) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    .regex(/^[^\p{Cc}]*$|^(?:[^\p{Cc}]|[\n\r\t])*$/u, 'must not contain control characters');

/** An e-mail address, folded to lower case because that is how accounts compare them. */
export const emailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email())
  .meta({ description: 'E-mail address', format: 'email' });

/** IATA airport code: three letters, upper-cased. */
export const airportCode = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{3}$/, 'must be a three-letter airport code');

/** IATA airline designator: two characters, at least one of them a letter. */
export const airlineCode = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^(?:[A-Z][A-Z0-9]|[0-9][A-Z])$/, 'must be a two-character airline designator');

/** Record locator: six characters of {@link RECORD_LOCATOR_ALPHABET}, the first a letter. */
export const recordLocator = z
  .string()
  .trim()
  .toUpperCase()
  .regex(
    /^[BCDFGHJKMNPQRSTVWXYZ][BCDFGHJKMNPQRSTVWXYZ23456789]{5}$/,
    'must be a six-character record locator',
  );

/** No vowels and no 0, 1, O, I or L: nothing to misread, and no words by accident. */
export const RECORD_LOCATOR_ALPHABET = 'BCDFGHJKMNPQRSTVWXYZ23456789';

/** A seat of a cabin: row number and letter, such as `12A`. */
export const seatNumber = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[1-9]\d?[A-HJ-K]$/, 'must be a row and a letter, such as 12A');

/** The classes of travel that are sold. */
export const cabin = z.enum(['economy', 'business']);
/** See {@link cabin}. */
export type Cabin = z.infer<typeof cabin>;

/** Most seats that one lock or booking may take. */
export const MAX_SEATS_PER_BOOKING = 9;

/** How many seats a lock or a booking takes. */
export const seatCount = z.int().min(1).max(MAX_SEATS_PER_BOOKING);

/** Most flights that one itinerary may have. */
export const MAX_FLIGHTS_PER_ITINERARY = 3;

/** Flights of one itinerary, in order of travel, each once. */
export const flightIds = z
  .array(id)
  .min(1)
  .max(MAX_FLIGHTS_PER_ITINERARY)
  .refine((ids) => new Set(ids).size === ids.length, 'must not name a flight twice');
