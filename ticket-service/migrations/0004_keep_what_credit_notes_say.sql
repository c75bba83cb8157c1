-- A cancellation may keep a part of the fare, so a credit note says itself what it takes back. Those that there are
-- take back all that their invoices charge. A copy of the service that does not write these columns yet is refused,
-- and the event that it was told of comes again.
alter table credit_notes add column invoice_total_paise bigint, add column total_paise bigint, add column content jsonb;

update credit_notes
set invoice_total_paise = invoices.total_paise, total_paise = invoices.total_paise,
  content = jsonb_build_object(
    'supplies', invoices.content -> 'supplies', 'totals', invoices.content -> 'totals', 'kept', '[]'::jsonb)
from invoices where invoices.invoice_id = credit_notes.invoice_id;

alter table invoices add constraint invoices_id_with_total unique (invoice_id, total_paise);

alter table credit_notes
  alter column invoice_total_paise set not null,
  alter column total_paise set not null,
  alter column content set not null,
  -- By this the next constraint compares with the invoice's own total.
  add constraint credit_notes_invoice_total_fkey
    foreign key (invoice_id, invoice_total_paise) references invoices (invoice_id, total_paise),
  add constraint credit_notes_within_invoice check (total_paise <= invoice_total_paise),
  -- Bookings that cost nothing had credit notes over nothing until now.
  add constraint credit_notes_take_something_back check (total_paise > 0) not valid,
  add constraint credit_notes_content_adds_up
    check ((content #>> '{totals,total_paise}')::bigint = total_paise);

-- What was issued stays as it was issued.
create function refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception 'a row of % is never changed or deleted', tg_table_name
    using errcode = 'check_violation', constraint = tg_table_name || '_never_change';
end $$;
create trigger invoices_never_change before update or delete on invoices
  for each row execute function refuse_rewriting();
create trigger credit_notes_never_change before update or delete on credit_notes
  for each row execute function refuse_rewriting();

-- When a coupon stopped being open; unknown of those that did before this was kept.
alter table coupons add column status_changed_at timestamptz;
create function note_time_of_change() returns trigger language plpgsql as $$
begin
  new.status_changed_at := clock_timestamp();
  return new;
end $$;
create trigger coupons_status_has_time before update of status on coupons
  for each row when (new.status <> old.status) execute function note_time_of_change();
