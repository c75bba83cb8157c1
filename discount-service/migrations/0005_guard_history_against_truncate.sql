-- A statement trigger fires for `truncate` as well, and the refusal names itself as that of every other history does.
create or replace function refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception 'the history of redemptions is never changed or deleted'
    using errcode = 'restrict_violation', constraint = tg_table_name || '_append_only';
end
$$;
drop trigger redemption_history_append_only on redemption_history;
create trigger redemption_history_append_only before update or delete or truncate on redemption_history
  for each statement execute function refuse_rewriting();
