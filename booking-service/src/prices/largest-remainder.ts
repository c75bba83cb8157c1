/**
 * Divides a whole amount by weights so that the shares are whole and add up to it exactly: each gets its exact
 * share rounded down, and what is left goes one by one to the largest remainders, the first of equals first
 * (Hamilton's method). No share exceeds its weight as long as the amount does not exceed the weights' sum.
 *
 * @param amount a whole number, not negative
 * @param weights whole numbers, not negative
 */
export function apportion(amount: number, weights: readonly number[]): number[] {
  // Products of two amounts of paise pass 2^53.
  const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (total === 0n) return weights.map(() => 0);
  const exact = weights.map((weight, index) => {
    const product = BigInt(amount) * BigInt(weight);
    return { index, share: Number(product / total), remainder: product % total };
  });
  const shares = exact.map(({ share }) => share);
  const left = amount - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = exact.toSorted((a, b) => Number(b.remainder - a.remainder) || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}
