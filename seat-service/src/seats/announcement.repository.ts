import { takeBackJobSql, type Queries } from '@flight-booking/platform';
import type { ChangedFlight } from '../flights/flight.repository.js';
import { QUIET_ANNOUNCEMENT_KEY } from './seat.jobs.js';

const TAKE_BACK = {
  name: 'take-back-announcement',
  text: takeBackJobSql('(select format($1, $2::bigint, $3::bigint) where now() < $4)'),
};

/** Announcements of changes, which are jobs. */
export class AnnouncementRepository {
  /**
   * Leaves a quiet change that is committed and told without an announcement.
   * @param quietUntil when the seats would have become free without it: who counted them later, before the commit, told
   *   of more free seats than there are, so the announcement stays
   */
  async takeBack(queries: Queries, { flightId, version }: ChangedFlight, quietUntil: Date): Promise<void> {
    await queries.execute(TAKE_BACK, [QUIET_ANNOUNCEMENT_KEY, flightId, version, quietUntil]);
  }
}
