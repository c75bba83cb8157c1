import type { Airport } from './airport.js';
import { FOREIGN_AIRPORTS } from './foreign-airports.js';
import { INDIAN_AIRPORTS } from './indian-airports.js';

/** Every airport of the platform. */
export const AIRPORTS: readonly Airport[] = [...INDIAN_AIRPORTS, ...FOREIGN_AIRPORTS];

const BY_CODE: ReadonlyMap<string, Airport> = new Map(AIRPORTS.map((airport) => [airport.code, airport]));

/** The airport of an IATA code, or `undefined`. */
export const findAirport = (code: string): Airport | undefined => BY_CODE.get(code);

/** The airport of a code that is known to exist. @throws RangeError otherwise. */
export function airportOf(code: string): Airport {
  const airport = BY_CODE.get(code);
  if (airport === undefined) throw new RangeError(`No airport has the code ${code}.`);
  return airport;
}

/** Lower case without accents, so that `male` finds Malé. */
const fold = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

const SEARCHABLE = AIRPORTS.map((airport) => ({
  airport,
  code: fold(airport.code),
  city: fold(airport.city),
  name: fold(airport.name),
}));

type Searchable = (typeof SEARCHABLE)[number];

/** From the surest to the loosest: a code typed in full is what was meant, a word inside a name may be. */
const MATCHES: readonly ((entry: Searchable, text: string) => boolean)[] = [
  (entry, text) => entry.code === text,
  (entry, text) => entry.city.startsWith(text),
  (entry, text) => entry.code.startsWith(text),
  (entry, text) => entry.name.startsWith(text),
  (entry, text) => entry.city.includes(` ${text}`) || entry.name.includes(` ${text}`),
  (entry, text) => entry.city.includes(text) || entry.name.includes(text),
];

/** Airports whose code, city or name matches, best first; all of them, in order, for an empty text. */
export function searchAirports(text: string, limit: number): Airport[] {
  const folded = fold(text.trim());
  const ranked = SEARCHABLE.map((entry) => ({
    airport: entry.airport,
    rank: MATCHES.findIndex((matches) => matches(entry, folded)),
  })).filter(({ rank }) => rank >= 0);
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ airport }) => airport);
}
