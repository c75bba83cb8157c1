-- What a customer was told that cancelling a booking would keep and give back. Rows are never changed: a customer may
-- hold us to each until valid_until, as long as the booking is paid as it was then.
create table cancellation_quotes (
  quote_id bigint generated always as identity,
  booking_id bigint not null,
  -- What the booking was paid with at that time; null when nothing was paid.
  payment_id bigint,
  rule text not null,
  rule_in_words text not null,
  paid_paise bigint not null,
  kept_paise bigint not null,
  refund_paise bigint not null,
  quoted_at timestamptz not null default now(),
  valid_until timestamptz not null,
  constraint cancellation_quotes_pkey primary key (quote_id),
  constraint cancellation_quotes_booking_fkey foreign key (booking_id) references bookings (booking_id),
  constraint cancellation_quotes_booking_unique unique (booking_id, quote_id),
  constraint cancellation_quotes_rule_known
    check (rule in ('nothing_paid', 'flight_cancelled', 'look_in', 'fee_before_departure')),
  constraint cancellation_quotes_add_up check (kept_paise + refund_paise = paid_paise),
  constraint cancellation_quotes_not_negative check (kept_paise >= 0 and refund_paise >= 0),
  constraint cancellation_quotes_unpaid_is_nothing check (payment_id is not null or paid_paise = 0),
  constraint cancellation_quotes_fee_by_rule check (kept_paise = 0 or rule = 'fee_before_departure')
);

-- A quote by the lines of the price. Taxes and airport fees always come back.
create table cancellation_quote_lines (
  quote_id bigint not null,
  position integer not null,
  flight_id bigint not null,
  kind text not null,
  description text not null,
  paid_paise bigint not null,
  kept_paise bigint not null,
  refund_paise bigint not null,
  constraint cancellation_quote_lines_pkey primary key (quote_id, position),
  constraint cancellation_quote_lines_quote_fkey foreign key (quote_id) references cancellation_quotes (quote_id),
  constraint cancellation_quote_lines_add_up check (kept_paise + refund_paise = paid_paise),
  constraint cancellation_quote_lines_kept_of_paid
    check (kept_paise between least(paid_paise, 0) and greatest(paid_paise, 0)),
  constraint cancellation_quote_lines_statutory_returned
    check (kept_paise = 0 or kind in ('base_fare', 'fuel_surcharge', 'discount'))
);

create trigger cancellation_quotes_append_only before update or delete or truncate on cancellation_quotes
  for each statement execute function refuse_change();
create trigger cancellation_quote_lines_append_only before update or delete or truncate on cancellation_quote_lines
  for each statement execute function refuse_change();

create function require_quote_lines_add_up(quoted_id bigint) returns void language plpgsql as $$
begin
  if exists (
    select from cancellation_quotes q left join cancellation_quote_lines l using (quote_id)
    where q.quote_id = quoted_id
    group by q.quote_id
    having q.paid_paise <> coalesce(sum(l.paid_paise), 0) or q.refund_paise <> coalesce(sum(l.refund_paise), 0)
  ) then
    raise exception 'the lines of quote % do not add up to it', quoted_id
      using errcode = 'check_violation', constraint = 'cancellation_quotes_lines_add_up';
  end if;
end $$;

-- Both checks run when the statement ends, so a quote and its lines are written by one statement.
create function quotes_add_up() returns trigger language plpgsql as $$
begin
  perform require_quote_lines_add_up(quote_id) from (select distinct quote_id from added) as quoted;
  return null;
end $$;
create trigger cancellation_quotes_lines_add_up after insert on cancellation_quotes
  referencing new table as added for each statement execute function quotes_add_up();
create trigger cancellation_quote_lines_lines_add_up after insert on cancellation_quote_lines
  referencing new table as added for each statement execute function quotes_add_up();

-- The quote that the customer confirmed; null when somebody else cancelled, and for bookings older than quotes.
alter table bookings
  add column cancellation_quote_id bigint,
  add constraint bookings_cancellation_quote_fkey foreign key (booking_id, cancellation_quote_id)
    references cancellation_quotes (booking_id, quote_id),
  add constraint bookings_quote_of_cancelled check (cancellation_quote_id is null or status = 'CANCELLED');

-- Whoever cancels decides what comes back: a customer by a quote that stands, to the paisa; everybody else gives all of
-- it. Instants of ours have milliseconds, so time is compared by them.
create function bookings_refund_as_promised() returns trigger language plpgsql as $$
declare
  promised cancellation_quotes;
begin
  if new.amount_due_paise is null then
    return new;
  end if;
  if new.status_cause = 'customer' then
    select * into promised from cancellation_quotes
    where quote_id = new.cancellation_quote_id and booking_id = new.booking_id;
    if promised.quote_id is null or promised.valid_until < date_trunc('milliseconds', now())
      or promised.payment_id is distinct from new.payment_id or promised.refund_paise is distinct from new.refund_paise
    then
      raise exception 'booking % is not cancelled by a quote that stands', new.booking_id
        using errcode = 'check_violation', constraint = 'bookings_refund_as_quoted';
    end if;
  elsif new.cancellation_quote_id is not null
    or new.refund_paise is distinct from (case when new.payment_id is null then 0 else new.amount_due_paise end)
  then
    raise exception 'everything that was paid for booking % comes back', new.booking_id
      using errcode = 'check_violation', constraint = 'bookings_refund_in_full';
  end if;
  return new;
end $$;
create trigger bookings_refund_as_promised before update of status on bookings
  for each row when (old.status <> 'CANCELLED' and new.status = 'CANCELLED')
  execute function bookings_refund_as_promised();

-- Afterwards the refund stands, but for one case: a booking that was cancelled unpaid and whose payment arrives later
-- gives all of it back.
create function bookings_refund_stands() returns trigger language plpgsql as $$
begin
  if new.cancellation_quote_id is distinct from old.cancellation_quote_id
    or new.payment_id is distinct from old.payment_id
    or (new.refund_paise is distinct from old.refund_paise
        and (old.payment_id is not null or new.refund_paise is distinct from old.amount_due_paise))
  then
    raise exception 'the refund of booking % stands', old.booking_id
      using errcode = 'check_violation', constraint = 'bookings_refund_stands';
  end if;
  return new;
end $$;
create trigger bookings_refund_stands before update on bookings
  for each row when (old.status = 'CANCELLED')
  execute function bookings_refund_stands();
