/** What one turn of something measured brought. What does not apply is left out. */
export interface Figures {
  readonly perSecond?: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  /** CPU time of the serving processes together, in microseconds. */
  readonly cpuMicros?: number;
  /** Memory of the serving processes together after the turn, in MiB. */
  readonly memoryMiB?: number;
}

/** The parts of {@link Figures}, in the order of the table. */
export const FIGURES = ['perSecond', 'p50Ms', 'p99Ms', 'cpuMicros', 'memoryMiB'] as const;

/** The value below which a share of the values lies; they need not be sorted. NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** The median of each figure over several turns. */
export function medianFigures(turns: readonly Figures[]): Figures {
  const medians = FIGURES.flatMap((name) => {
    const values = turns.flatMap((turn) => turn[name] ?? []);
    return values.length === 0 ? [] : [[name, quantile(values, 0.5)] as const];
  });
  return Object.fromEntries(medians);
}

/** Figures of operations that ended at a known pace, from how long each took. */
export function figuresOf(durationsMs: readonly number[], elapsedSeconds: number): Figures {
  return {
    perSecond: durationsMs.length / elapsedSeconds,
    p50Ms: quantile(durationsMs, 0.5),
    p99Ms: quantile(durationsMs, 0.99),
  };
}
