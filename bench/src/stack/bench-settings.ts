const UNLIMITED = '1000000000';
const A_WORKING_DAY_SECONDS = '28800';

/** What every stack of the benchmark is told. Limits are counted, and too high to refuse anybody. */
export const SETTINGS = {
  NODE_ENV: 'production',
  RATE_LIMIT_PER_USER: UNLIMITED,
  RATE_LIMIT_PER_ADDRESS: UNLIMITED,
  RATE_LIMIT_AUTH_PER_ADDRESS: UNLIMITED,
  RATE_LIMIT_CALLBACKS_PER_ADDRESS: UNLIMITED,
  // One line in a hundred good reads; of everything else, every one.
  LOG_SAMPLE_RATE: '0.01',
  ACCESS_TOKEN_TTL_SECONDS: A_WORKING_DAY_SECONDS,
};

/** How much of the timetable there is. */
export interface TimetableExtent {
  readonly size: 'quick' | 'full';
  readonly days: number;
}

/** What is promised to be large: 3,000 flights a day for 180 days. */
export const FULL_SIZE: TimetableExtent = { size: 'full', days: 180 };

/** What `npm start` makes. */
export const QUICK_START_SIZE: TimetableExtent = { size: 'quick', days: 60 };
