-- What takes an invoice back in full (CGST rule 53), in a series of its own that is numbered as invoices are. It
-- says what its invoice says, so it keeps nothing but its number and date.
create table credit_notes (
  credit_note_id bigint generated always as identity,
  invoice_id bigint not null,
  series text not null,
  financial_year text not null,
  sequence bigint not null,
  credit_note_number text generated always as
    (series || '/' || financial_year || '/' || lpad(sequence::text, 7, '0')) stored not null,
  issued_at timestamptz not null,
  constraint credit_notes_pkey primary key (credit_note_id),
  constraint credit_notes_one_per_invoice unique (invoice_id),
  constraint credit_notes_invoice_fkey foreign key (invoice_id) references invoices (invoice_id),
  constraint credit_notes_sequence_unique unique (series, financial_year, sequence),
  constraint credit_notes_number_form check (credit_note_number ~ '^[A-Za-z0-9/-]{1,16}$')
);
