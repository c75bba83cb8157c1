/** How long a passenger may wait between two flights, in minutes. */
export interface LayoverLimits {
  /** Between two domestic flights. */
  readonly domesticMinutes: number;
  /** Where either flight is international. */
  readonly internationalMinutes: number;
}

/** Minimum connection times in minutes. Demo figures. */
const MINIMUM_CONNECTION_MINUTES = {
  domestic: 45,
  domesticWithTerminalChange: 75,
  /** One of the two flights is international: immigration and customs lie between. */
  mixed: 120,
  international: 90,
} as const;

/** The least time from the arrival of one flight to the departure of the next. */
export function minimumConnectionMinutes(
  arrivesDomestic: boolean,
  departsDomestic: boolean,
  terminalChange: boolean,
): number {
  if (arrivesDomestic !== departsDomestic) return MINIMUM_CONNECTION_MINUTES.mixed;
  if (!arrivesDomestic) return MINIMUM_CONNECTION_MINUTES.international;
  return terminalChange
    ? MINIMUM_CONNECTION_MINUTES.domesticWithTerminalChange
    : MINIMUM_CONNECTION_MINUTES.domestic;
}

/** The longest time that two flights may lie apart. */
export const maximumLayoverMinutes = (
  arrivesDomestic: boolean,
  departsDomestic: boolean,
  limits: LayoverLimits,
): number => (arrivesDomestic && departsDomestic ? limits.domesticMinutes : limits.internationalMinutes);
