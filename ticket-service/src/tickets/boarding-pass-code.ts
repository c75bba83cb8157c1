/** What the barcode of one flight says. Source: IATA Resolution 792, bar-coded boarding pass, version 6. */
export interface BoardingPass {
  /** As {@link ticketName} writes it. */
  readonly passengerName: string;
  readonly recordLocator: string;
  readonly source: string;
  readonly destination: string;
  readonly carrier: string;
  /** One to four digits and at most one letter, without the carrier: `865`. */
  readonly flightNumber: string;
  /** Day of the year of the local departure date, 1 to 366. */
  readonly dayOfYear: number;
  /** `Y` or `J`. */
  readonly compartment: string;
  /** Row and letter, such as `12A`. */
  readonly seatNumber: string;
  readonly checkInSequence: number;
  /** `0` is ticketed and not checked in, `1` checked in. */
  readonly passengerStatus: string;
  /** The variable part; without it the code is the sixty mandatory characters. */
  readonly document?: BoardingPassDocument;
}

/** What the variable part says about the passenger and the ticket. */
export interface BoardingPassDocument {
  /** `0` adult, `3` child, `4` infant, as far as the age tells. */
  readonly passengerDescription: string;
  /** `W` is the web; a blank says that nobody checked in yet. */
  readonly checkInSource: string;
  readonly issueSource: string;
  readonly issueYear: number;
  readonly issueDayOfYear: number;
  readonly issuer: string;
  /** Thirteen digits: accounting code, then form and serial. */
  readonly ticketNumber: string;
  readonly marketingCarrier: string;
}

const NAME_LENGTH = 20;
const CARRIER_LENGTH = 3;
const VERSION = '6';
const DOCUMENT_TYPE_BOARDING_PASS = 'B';

/** Block sizes are two hexadecimal digits. */
const hexSize = (block: string): string => block.length.toString(16).toUpperCase().padStart(2, '0');

const zeroPadded = (value: number | string, length: number): string => String(value).padStart(length, '0');

function flightField(flightNumber: string): string {
  const [, digits = '', suffix = ''] = /^(\d{1,4})([A-Z]?)$/.exec(flightNumber) ?? [];
  return zeroPadded(digits, 4) + suffix.padEnd(1);
}

function variablePart(document: BoardingPassDocument): string {
  const unique =
    document.passengerDescription +
    document.checkInSource +
    document.issueSource +
    String(document.issueYear % 10) +
    zeroPadded(document.issueDayOfYear, 3) +
    DOCUMENT_TYPE_BOARDING_PASS +
    document.issuer.padEnd(CARRIER_LENGTH);
  const selecteeAndVerification = '  ';
  const repeated =
    document.ticketNumber + selecteeAndVerification + document.marketingCarrier.padEnd(CARRIER_LENGTH);
  return `>${VERSION}${hexSize(unique)}${unique}${hexSize(repeated)}${repeated}`;
}

/** Encodes one flight of one passenger: sixty characters, then the variable part where there is one. */
export function encodeBoardingPass(pass: BoardingPass): string {
  const variable = pass.document === undefined ? '' : variablePart(pass.document);
  return [
    'M1',
    pass.passengerName.slice(0, NAME_LENGTH).padEnd(NAME_LENGTH),
    'E',
    pass.recordLocator.padEnd(7),
    pass.source,
    pass.destination,
    pass.carrier.padEnd(CARRIER_LENGTH),
    flightField(pass.flightNumber),
    zeroPadded(pass.dayOfYear, 3),
    pass.compartment,
    zeroPadded(pass.seatNumber, 4),
    zeroPadded(pass.checkInSequence, 4).padEnd(5),
    pass.passengerStatus,
    hexSize(variable),
    variable,
  ].join('');
}
