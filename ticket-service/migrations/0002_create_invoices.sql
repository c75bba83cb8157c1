-- The last number of each series and financial year. Whoever issues holds the row until the document is
-- committed, so a number that was not used is not used up: the series has no gaps and follows commit order.
create table document_counters (
  series text not null,
  financial_year text not null,
  last_number bigint not null,
  constraint document_counters_pkey primary key (series, financial_year),
  constraint document_counters_seven_digits check (last_number between 1 and 9999999)
);

-- A tax invoice with everything that it says. Its number obeys CGST rule 46: sixteen characters at most, of
-- letters, digits, '-' and '/', and unique in its financial year.
create table invoices (
  invoice_id bigint generated always as identity,
  ticket_id bigint not null,
  series text not null,
  financial_year text not null,
  sequence bigint not null,
  invoice_number text generated always as
    (series || '/' || financial_year || '/' || lpad(sequence::text, 7, '0')) stored not null,
  issued_at timestamptz not null,
  total_paise bigint not null,
  content jsonb not null,
  constraint invoices_pkey primary key (invoice_id),
  constraint invoices_one_per_ticket unique (ticket_id),
  constraint invoices_ticket_fkey foreign key (ticket_id) references tickets (ticket_id),
  constraint invoices_sequence_unique unique (series, financial_year, sequence),
  constraint invoices_number_form check (invoice_number ~ '^[A-Za-z0-9/-]{1,16}$'),
  constraint invoices_total_not_negative check (total_paise >= 0)
);
