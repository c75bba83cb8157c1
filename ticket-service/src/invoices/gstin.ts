import { isStateCode } from './gst-states.js';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const SHAPE = /^(\d{2})[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]$/;

/**
 * The last character of a GSTIN, from the fourteen before it: base 36, factors 1 and 2 in turn, the two base-36
 * digits of every product added up, and what is then missing to a multiple of 36.
 */
function gstinCheckCharacter(firstFourteen: string): string {
  const sum = Array.from(firstFourteen).reduce((total, character, index) => {
    const product = DIGITS.indexOf(character) * (index % 2 === 0 ? 1 : 2);
    return total + Math.floor(product / 36) + (product % 36);
  }, 0);
  return DIGITS.charAt((36 - (sum % 36)) % 36);
}

/** Whether a GST registration number is well formed: state, PAN, entity, `Z` and a check character that fits. */
export function isGstin(text: string): boolean {
  const match = SHAPE.exec(text);
  return (
    match !== null && isStateCode(match[1] ?? '') && gstinCheckCharacter(text.slice(0, -1)) === text.at(-1)
  );
}
