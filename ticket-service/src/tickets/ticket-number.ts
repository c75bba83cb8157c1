/** How many digits follow the airline's accounting code: form and serial. */
const SERIAL_DIGITS = 10;

/** Form 24 and the first serial of it: the first number that an airline's accounting code issues. */
export const FIRST_TICKET_SERIAL = 2_400_000_001;

/**
 * The check digit that some documents print after an e-ticket number: form and serial modulo seven.
 * Published descriptions differ on whether the airline code counts too; here it does not, which is what
 * airlines do. The two agree where the airline code is a multiple of seven.
 */
export const ticketCheckDigit = (number: string): number => Number(number.slice(-SERIAL_DIGITS)) % 7;

/** `098-2401234567`, as people read it. */
export const formatTicketNumber = (number: string): string => `${number.slice(0, 3)}-${number.slice(3)}`;
