import { DomainError } from '../http/domain-error.js';

/** The job is not stuck, or not any more. */
export class StuckJobNotFound extends DomainError {
  static readonly slug = 'stuck-job-not-found';
  static readonly kind = 'not_found';
  static readonly title = 'There is no such stuck job';

  constructor(stuckId: number) {
    super(`No job that got stuck under ${stuckId} waits for anybody.`, { stuck_id: stuckId });
  }
}
