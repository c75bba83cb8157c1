/** A part of what is divided, with its whole share. */
export interface Apportioned<Part> {
  readonly part: Part;
  readonly share: number;
}

/**
 * Divides a whole amount by weights so that the shares are whole and add up to it exactly: each gets its exact
 * share rounded down, and what is left goes one by one to the largest remainders, the first of equals first
 * (Hamilton's method). No share exceeds its weight as long as the amount does not exceed the weights' sum; where
 * nothing has a weight, nothing is given.
 *
 * @param amount a whole number, not negative
 * @param weightOf a whole number, not negative
 */
export function apportion<Part>(
  amount: number,
  parts: readonly Part[],
  weightOf: (part: Part) => number,
): Apportioned<Part>[] {
  // Products of two amounts of paise pass 2^53.
  const total = parts.reduce((sum, part) => sum + BigInt(weightOf(part)), 0n);
  if (total === 0n) return parts.map((part) => ({ part, share: 0 }));
  const exact = parts.map((part) => {
    const product = BigInt(amount) * BigInt(weightOf(part));
    return { part, share: Number(product / total), remainder: product % total };
  });
  const left = amount - exact.reduce((sum, { share }) => sum + share, 0);
  // Sorting keeps equals in their order.
  const byRemainder = exact.toSorted((a, b) => Number(b.remainder - a.remainder));
  const roundedUp = new Set(byRemainder.slice(0, left));
  return exact.map((of) => ({ part: of.part, share: of.share + (roundedUp.has(of) ? 1 : 0) }));
}
