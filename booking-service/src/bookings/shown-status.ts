/**
 * The status of a booking as everybody is told, for statements that read bookings: one that is overdue counts as
 * `EXPIRED`, whether or not its job has run.
 * @param booking the alias of the bookings
 */
export const shownStatusSql = (booking: string): string =>
  `case when ${booking}.status = 'PENDING' and ${booking}.expires_at <= now() then 'EXPIRED' else ${booking}.status end`;
