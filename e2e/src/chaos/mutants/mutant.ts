import type { ChaosOptions } from '../chaos-options.js';

/** One change of a built file. */
export interface Patch {
  /** Path in the checkout. */
  readonly file: string;
  /** What is there exactly once; any other number means that the mutant no longer applies. */
  readonly find: string;
  readonly replace: string;
}

/** Who does what, and what breaks, so that a kind of mistake shows quickly. */
export interface Scenario {
  readonly name: string;
  readonly options: Pick<
    ChaosOptions,
    'seed' | 'durationMs' | 'customers' | 'restMs' | 'faultEveryMs' | 'proxyFaults'
  > &
    Required<Pick<ChaosOptions, 'only' | 'journeys'>>;
}

/** A check that has to find a mutant. */
export interface Catcher {
  readonly check: string;
  /** What an offender has to look like, where the check alone says too little. */
  readonly like?: RegExp;
}

/** A mistake that people make, put into a copy of the built services. */
export interface Mutant {
  readonly name: string;
  /** What is wrong with it, and which other guards are taken away because they would hide it. */
  readonly mistake: string;
  readonly patches: readonly Patch[];
  readonly scenario: Scenario;
  /** One of these has to find it. */
  readonly catchers: readonly Catcher[];
}
