import type { ChaosFinding } from './checks/finding.js';
import type { ProxyFaults } from './fault-proxy.js';
import type { Fault } from './fault-schedule.js';

/** What makes one chaos run. */
export interface ChaosOptions {
  /** Decides who does what and what breaks when. */
  readonly seed: number;
  readonly durationMs: number;
  readonly customers: number;
  /** Copies of every service but the gateway. */
  readonly replicas: number;
  /** The checkout whose built services run. */
  readonly rootDir: string;
  readonly proxyFaults: ProxyFaults;
  /** How far apart faults of the schedule are, on average. */
  readonly faultEveryMs: number;
  /** Only these faults, in turn; every fault when absent. */
  readonly only?: readonly Fault[];
  /** Only these journeys; all when absent. */
  readonly journeys?: readonly string[];
  /** On top of the variables that every run sets. */
  readonly env?: Readonly<Record<string, string>>;
  /** The longest that a customer rests between two journeys. */
  readonly restMs: number;
  readonly convergeWithinMs: number;
  /** Whether what was found so far is all that this run is for; it ends then. */
  readonly enough?: (findings: readonly ChaosFinding[]) => boolean;
  /** Told what happens, a line at a time. */
  readonly say: (line: string) => void;
}

/** What networks do to some of the requests. */
const USUAL_PROXY_FAULTS: ProxyFaults = {
  delay: 0.04,
  cutBefore: 0.006,
  cutAfter: 0.008,
  duplicate: 0.03,
  reorder: 0.08,
};

/** As `npm run chaos` runs unless told otherwise. */
export const USUAL = {
  customers: 24,
  replicas: 1,
  proxyFaults: USUAL_PROXY_FAULTS,
  faultEveryMs: 4_000,
  restMs: 250,
  convergeWithinMs: 30_000,
} as const;

/** Times so short that what takes minutes elsewhere happens many times in a run. */
export const SHORT_TIMES = {
  LOCK_TTL_MS: '6000',
  BOOKING_TTL_MS: '9000',
  SAGA_PATIENCE_MS: '4000',
  FAST_PATH_MS: '2500',
  PROVIDER_TIMEOUT_MS: '1500',
  MOCK_PROVIDER_SLOW_MS: '1000',
  MOCK_PROVIDER_LATE_MS: '2500',
  MOCK_PROVIDER_CHALLENGE_MS: '8000',
  REFUND_RETRY_MS: '500',
  UPSTREAM_TIMEOUT_MS: '15000',
  TIMETABLE_HORIZON_DAYS: '1',
  ACCESS_TOKEN_TTL_SECONDS: '7200',
} as const;

/** A thousand customers have a thousand addresses; ours have one. */
export const NO_RATE_LIMITS = {
  RATE_LIMIT_PER_ADDRESS: '10000000',
  RATE_LIMIT_PER_USER: '10000000',
  RATE_LIMIT_AUTH_PER_ADDRESS: '10000000',
} as const;
