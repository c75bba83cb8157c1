/** An airline whose flights are sold. */
export interface Airline {
  /** IATA designator. */
  readonly code: string;
  readonly name: string;
  /** Three digits that begin its ticket numbers. */
  readonly accountingCode: string;
}

/**
 * The scheduled airlines of India. Air India's accounting code is the true one, and so is IndiGo's; the others
 * are demo figures from the unassigned 99x range, because a wrong guess would be somebody else's code.
 */
export const AIRLINES: readonly Airline[] = [
  { code: '6E', name: 'IndiGo', accountingCode: '312' },
  { code: 'AI', name: 'Air India', accountingCode: '098' },
  { code: 'IX', name: 'Air India Express', accountingCode: '991' },
  { code: 'QP', name: 'Akasa Air', accountingCode: '992' },
  { code: 'SG', name: 'SpiceJet', accountingCode: '993' },
  { code: '9I', name: 'Alliance Air', accountingCode: '994' },
  { code: 'S5', name: 'Star Air', accountingCode: '995' },
  { code: 'IC', name: 'Fly91', accountingCode: '996' },
];

const BY_CODE: ReadonlyMap<string, Airline> = new Map(AIRLINES.map((airline) => [airline.code, airline]));

/** The airline of a designator, or `undefined`. */
export const findAirline = (code: string): Airline | undefined => BY_CODE.get(code);

/** The airline of a designator that is known to exist. @throws RangeError otherwise. */
export function airlineOf(code: string): Airline {
  const airline = BY_CODE.get(code);
  if (airline === undefined) throw new RangeError(`No airline has the designator ${code}.`);
  return airline;
}
