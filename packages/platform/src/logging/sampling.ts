const HEX = 16;
/** Of the trace id: as much of it as a number holds, from its end, which is random in every form of it. */
const DIGITS = 8;
const RANGE = 2 ** 32;

/**
 * Whether a trace is one of the share that is logged. It depends on the id alone, so that all services keep the
 * lines of the same traces.
 */
export const isSampled = (traceId: string, rate: number): boolean =>
  rate >= 1 || Number.parseInt(traceId.slice(-DIGITS), HEX) / RANGE < rate;
