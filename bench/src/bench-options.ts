import { FULL_SIZE, type TimetableExtent } from './stack/bench-settings.js';

/** How large a run is. */
export interface BenchOptions {
  readonly isQuick: boolean;
  /** Turns of each contestant; the table shows their median. */
  readonly rounds: number;
  readonly warmUpSeconds: number;
  /** Of journeys and sign-ins, which come a hundred times slower than searches, so that V8 compiles later what they run. */
  readonly slowWarmUpSeconds: number;
  readonly turnSeconds: number;
  /** Flights of a turn of the row about locks, and keys of a turn of its yardstick. */
  readonly lockedFlights: number;
  readonly lockedKeys: number;
  /** Customers at once of the row about the journey, and of the row about growth. */
  readonly customers: number;
  readonly customerCounts: readonly number[];
  /** Pairs of airports and days among which customers choose. */
  readonly pairs: number;
  readonly days: number;
  readonly timetable: TimetableExtent;
  /** Searches of a turn within the process. */
  readonly searches: number;
}

/** What the table in the repository was made with. */
export const FULL_RUN: BenchOptions = {
  isQuick: false,
  rounds: 3,
  warmUpSeconds: 2,
  slowWarmUpSeconds: 60,
  turnSeconds: 3,
  lockedFlights: 200,
  lockedKeys: 1_000,
  customers: 16,
  customerCounts: [1, 8, 64, 256],
  pairs: 60,
  days: 30,
  timetable: FULL_SIZE,
  searches: 2_000,
};

/** Every row, small: whether the benchmark itself works. */
export const QUICK_RUN: BenchOptions = {
  isQuick: true,
  rounds: 1,
  warmUpSeconds: 0.5,
  slowWarmUpSeconds: 0.5,
  turnSeconds: 1,
  lockedFlights: 40,
  lockedKeys: 100,
  customers: 4,
  customerCounts: [1, 8],
  pairs: 20,
  days: 5,
  timetable: { size: 'quick', days: 14 },
  searches: 100,
};
