-- Whoever is refused is told by which table, as by any other constraint.
create or replace function refuse_to_change_history() returns trigger language plpgsql as $$
begin
  raise exception 'History is added to and never changed.'
    using errcode = 'restrict_violation', constraint = tg_table_name || '_append_only';
end
$$;
