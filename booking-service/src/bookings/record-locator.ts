import { randomInt } from 'node:crypto';
import { RECORD_LOCATOR_ALPHABET } from '@flight-booking/contracts';

const LENGTH = 6;
const LETTERS = RECORD_LOCATOR_ALPHABET.replace(/\d/g, '');

const anyOf = (characters: string): string => characters.charAt(randomInt(characters.length));

/** Makes a record locator that nobody can foresee: some 344 million are possible. */
export const newRecordLocator = (): string =>
  anyOf(LETTERS) + Array.from({ length: LENGTH - 1 }, () => anyOf(RECORD_LOCATOR_ALPHABET)).join('');
