-- What a cancellation kept may be given back later. Then a second credit note takes the rest of the invoice back: one for
-- each occasion, and together never over more than the invoice.
alter table credit_notes
  add column occasion text not null default 'cancellation',
  drop constraint credit_notes_one_per_invoice,
  add constraint credit_notes_occasion_known check (occasion in ('cancellation', 'returned_fee')),
  add constraint credit_notes_one_per_occasion unique (invoice_id, occasion);

create function credit_notes_within_invoice_together() returns trigger language plpgsql as $$
begin
  -- Whoever comes second sees what the first has taken back.
  perform from invoices where invoice_id = new.invoice_id for no key update;
  if new.invoice_total_paise < new.total_paise
    + (select coalesce(sum(total_paise), 0) from credit_notes where invoice_id = new.invoice_id)
  then
    raise exception 'the credit notes of invoice % are over more than it', new.invoice_id
      using errcode = 'check_violation', constraint = 'credit_notes_within_invoice_together';
  end if;
  return new;
end $$;
create trigger credit_notes_within_invoice_together before insert on credit_notes
  for each row execute function credit_notes_within_invoice_together();
