const idTold = (field: string): string =>
  `coalesce(payload -> 'data' ->> ${field}, payload -> 'data' -> 'event' -> 'data' ->> ${field})`;

/**
 * The id that a job is about, as text: what it was told in the field, or, when it delivers an event, what the event
 * says there. For statements on `stuck_jobs`; an index on this very expression serves them.
 * @param field the name of the field, such as `order_id`
 */
export const aboutSql = (field: string): string => idTold(`'${field}'`);

/** Like {@link aboutSql}, with the field as a parameter of the statement. */
export const aboutParameterSql = (parameter: string): string => idTold(parameter);

/**
 * A query for the jobs that exist: queued, being worked on, or stuck and so waiting for an operator. It gives the name
 * of each as `job`, and as a bigint each of the fields, null in a job that was told none. The queue offers no view of
 * what its jobs were told, so its own tables are read; the version of it is pinned, and this is tested
 * against it. One statement sees one snapshot, in which work is done or its job is still there.
 * @param fields the names of fields that carry ids
 */
export function knownJobsSql(...fields: readonly string[]): string {
  const ids = fields.map((field) => `, (payload -> 'data' ->> '${field}')::bigint as ${field}`).join('');
  return `
    select identifier as job${ids}
    from graphile_worker._private_jobs as jobs join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
    union all
    select job${ids} from stuck_jobs where resolved_at is null`;
}
