/** An airport that the platform sells flights from and to. */
export interface Airport {
  /** IATA code. */
  readonly code: string;
  readonly name: string;
  readonly city: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Decimal degrees, north positive. */
  readonly latitude: number;
  /** Decimal degrees, east positive. */
  readonly longitude: number;
  /** IANA zone of the airport's clocks. */
  readonly timeZone: string;
  /** Two-digit GST state code; absent abroad. */
  readonly gstStateCode?: string;
  /** Absent where one terminal serves everybody, so that no connection changes terminals. */
  readonly terminals?: TerminalUse;
}

/** Which terminal a flight uses. */
export interface TerminalUse {
  readonly domestic: string;
  readonly international: string;
  /** Airlines whose flights, domestic or international, use another one. */
  readonly exceptions?: Readonly<
    Record<string, { readonly domestic?: string; readonly international?: string }>
  >;
}

/** The country whose domestic network this is. */
export const HOME_COUNTRY = 'IN';

/** A flight is domestic when it begins and ends in the same country. */
export const isDomestic = (source: Airport, destination: Airport): boolean =>
  source.country === destination.country;

/** The terminal of an airline's flights at an airport, or `undefined` where there is only one. */
export function terminalOf(airport: Airport, airlineCode: string, domestic: boolean): string | undefined {
  const kind = domestic ? 'domestic' : 'international';
  return airport.terminals?.exceptions?.[airlineCode]?.[kind] ?? airport.terminals?.[kind];
}
