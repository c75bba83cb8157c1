import { type Cabin, cabin, type FareBrand } from '@flight-booking/contracts';
import type { EpochDay, EpochMinute } from '../airports/airport-time.js';
import type { AirportCharges, CabinFare } from '../flights/fare.js';
import type { Labels } from './labels.js';

/** A flight as the index takes it. */
export interface IndexedFlight {
  readonly flightId: number;
  /** Designator and number, such as `6E 2045`. */
  readonly flightNumber: string;
  readonly source: string;
  readonly destination: string;
  readonly sourceTerminal: string | undefined;
  readonly destinationTerminal: string | undefined;
  /** Date of departure by the clocks of the source. */
  readonly departureDay: EpochDay;
  readonly departure: EpochMinute;
  readonly arrival: EpochMinute;
  /** What of it is before tax; nothing where the aircraft lacks the cabin. */
  readonly fares: Readonly<Record<Cabin, CabinFare>>;
  readonly charges: AirportCharges;
  /** What one passenger pays in all, in saver; zero where the aircraft lacks the cabin. */
  readonly pricePaise: Readonly<Record<Cabin, number>>;
  /** The same in flex, which is never less. */
  readonly flexPricePaise: Readonly<Record<Cabin, number>>;
  /** Free seats; none of a cancelled flight. */
  readonly seats: Readonly<Record<Cabin, number>>;
}

const makeColumns = (capacity: number) => ({
  flightId: new Float64Array(capacity),
  departure: new Int32Array(capacity),
  arrival: new Int32Array(capacity),
  departureDay: new Int32Array(capacity),
  economyPrice: new Int32Array(capacity),
  businessPrice: new Int32Array(capacity),
  economyFlexPrice: new Int32Array(capacity),
  businessFlexPrice: new Int32Array(capacity),
  economyBaseFare: new Int32Array(capacity),
  businessBaseFare: new Int32Array(capacity),
  economyFuelSurcharge: new Int32Array(capacity),
  businessFuelSurcharge: new Int32Array(capacity),
  userDevelopmentFee: new Int32Array(capacity),
  aviationSecurityFee: new Int32Array(capacity),
  economySeats: new Int16Array(capacity),
  businessSeats: new Int16Array(capacity),
  flightNumber: new Uint32Array(capacity),
  airline: new Uint8Array(capacity),
  sourceTerminal: new Uint16Array(capacity),
  destinationTerminal: new Uint16Array(capacity),
});

type Columns = ReturnType<typeof makeColumns>;

/** Where the prices of a brand and cabin are. */
export const PRICE_COLUMN = {
  saver: { economy: 'economyPrice', business: 'businessPrice' },
  flex: { economy: 'economyFlexPrice', business: 'businessFlexPrice' },
} as const satisfies Record<FareBrand, Record<Cabin, keyof Columns>>;

/** Where a cabin's free seats are. */
export const SEATS_COLUMN = {
  economy: 'economySeats',
  business: 'businessSeats',
} as const satisfies Record<Cabin, keyof Columns>;

/** The designator of who flies a flight, from its number. */
const airlineDesignatorOf = (flightNumber: string): string => flightNumber.slice(0, 2);

const FIRST_CAPACITY = 16;

/**
 * All flights from one airport to another, ordered by departure and then id. One typed array per field keeps half
 * a million flights in some 60 MB and makes a walk over departures a walk over consecutive memory; one object
 * per pair of airports keeps an insertion as short as that pair's list.
 */
export class RouteFlights {
  columns: Columns = makeColumns(FIRST_CAPACITY);
  length = 0;
  /** Never above the cheapest price, in any brand, of a flight here; a bound for the search, so it only ever falls. */
  readonly lowestPrice: Record<Cabin, number> = { economy: Infinity, business: Infinity };
  /** Never above the shortest duration of a flight that is here. */
  shortestMinutes = Infinity;

  constructor(
    readonly source: number,
    readonly destination: number,
    /** Both ends lie in the same country. */
    readonly domestic: boolean,
    private readonly labels: Labels,
    private readonly airlines: Labels,
  ) {}

  /** What is known of a flight, apart from where it goes. */
  get(flightId: number): Omit<IndexedFlight, 'source' | 'destination'> | undefined {
    const { columns, labels } = this;
    const at = this.positionOf(flightId);
    if (at < 0) return undefined;
    return {
      flightId,
      flightNumber: labels.textOf(columns.flightNumber[at]!) ?? '',
      sourceTerminal: labels.textOf(columns.sourceTerminal[at]!),
      destinationTerminal: labels.textOf(columns.destinationTerminal[at]!),
      departureDay: columns.departureDay[at]!,
      departure: columns.departure[at]!,
      arrival: columns.arrival[at]!,
      fares: { economy: this.fareAt(at, 'economy'), business: this.fareAt(at, 'business') },
      charges: this.chargesAt(at),
      pricePaise: { economy: columns.economyPrice[at]!, business: columns.businessPrice[at]! },
      flexPricePaise: { economy: columns.economyFlexPrice[at]!, business: columns.businessFlexPrice[at]! },
      seats: { economy: columns.economySeats[at]!, business: columns.businessSeats[at]! },
    };
  }

  /** What a passenger pays before tax in a cabin of the flight at a position. */
  fareAt(at: number, cabin: Cabin): CabinFare {
    return {
      baseFarePaise: this.columns[`${cabin}BaseFare`][at]!,
      fuelSurchargePaise: this.columns[`${cabin}FuelSurcharge`][at]!,
    };
  }

  /** The airport charges of the flight at a position. */
  chargesAt(at: number): AirportCharges {
    return {
      userDevelopmentFeePaise: this.columns.userDevelopmentFee[at]!,
      aviationSecurityFeePaise: this.columns.aviationSecurityFee[at]!,
    };
  }

  /** Adds a flight, or replaces what was known of it. */
  put(flight: IndexedFlight): void {
    const known = this.positionOf(flight.flightId);
    if (known >= 0 && this.columns.departure[known] === flight.departure) {
      this.write(known, flight);
      return;
    }
    if (known >= 0) this.shift(known + 1, -1);
    this.makeRoom();
    const position = this.positionFor(flight);
    this.shift(position, 1);
    this.write(position, flight);
  }

  /**
   * The first position whose flight departs at or after a minute; `length` when none does.
   * @param near where to look first, if it is known to lie near
   */
  firstFrom(minute: EpochMinute, near?: number): number {
    const { departure } = this.columns;
    if (near !== undefined) {
      let at = Math.min(near, this.length);
      while (at > 0 && departure[at - 1]! >= minute) at -= 1;
      while (at < this.length && departure[at]! < minute) at += 1;
      return at;
    }
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (departure[middle]! < minute) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets flights that departed before a minute. */
  dropBefore(minute: EpochMinute): void {
    const first = this.firstFrom(minute);
    if (first > 0) this.shift(first, -first);
  }

  private positionOf(flightId: number): number {
    return this.columns.flightId.subarray(0, this.length).indexOf(flightId);
  }

  private positionFor({ departure, flightId }: IndexedFlight): number {
    let position = this.firstFrom(departure);
    while (
      position < this.length &&
      this.columns.departure[position] === departure &&
      this.columns.flightId[position]! < flightId
    )
      position += 1;
    return position;
  }

  private write(position: number, flight: IndexedFlight): void {
    const { columns, labels } = this;
    columns.flightId[position] = flight.flightId;
    columns.departure[position] = flight.departure;
    columns.arrival[position] = flight.arrival;
    columns.departureDay[position] = flight.departureDay;
    columns.economySeats[position] = flight.seats.economy;
    columns.businessSeats[position] = flight.seats.business;
    columns.flightNumber[position] = labels.numberOf(flight.flightNumber);
    columns.airline[position] = this.airlines.numberOf(airlineDesignatorOf(flight.flightNumber));
    columns.sourceTerminal[position] = labels.numberOf(flight.sourceTerminal);
    columns.destinationTerminal[position] = labels.numberOf(flight.destinationTerminal);
    this.writePrices(position, flight);
    this.lowerBounds(flight);
  }

  private writePrices(position: number, flight: IndexedFlight): void {
    const { columns } = this;
    for (const name of cabin.options) {
      columns[`${name}Price`][position] = flight.pricePaise[name];
      columns[`${name}FlexPrice`][position] = flight.flexPricePaise[name];
      columns[`${name}BaseFare`][position] = flight.fares[name].baseFarePaise;
      columns[`${name}FuelSurcharge`][position] = flight.fares[name].fuelSurchargePaise;
    }
    columns.userDevelopmentFee[position] = flight.charges.userDevelopmentFeePaise;
    columns.aviationSecurityFee[position] = flight.charges.aviationSecurityFeePaise;
  }

  private lowerBounds({ pricePaise, departure, arrival }: IndexedFlight): void {
    this.shortestMinutes = Math.min(this.shortestMinutes, arrival - departure);
    for (const name of cabin.options) {
      if (pricePaise[name] > 0) this.lowestPrice[name] = Math.min(this.lowestPrice[name], pricePaise[name]);
    }
  }

  private makeRoom(): void {
    if (this.length < this.columns.flightId.length) return;
    const grown = makeColumns(this.length * 2);
    for (const name of Object.keys(grown) as (keyof Columns)[]) grown[name].set(this.columns[name]);
    this.columns = grown;
  }

  /** Moves the flights from a position to the end up or down by so many places. */
  private shift(position: number, places: number): void {
    for (const column of Object.values(this.columns))
      column.copyWithin(position + places, position, this.length);
    this.length += places;
  }
}
