-- The price of a booking, part by part. It is written once, together with the amount due that it adds up to.
create table booking_price_lines (
  booking_id bigint not null,
  position integer not null,
  flight_id bigint not null,
  kind text not null,
  description text not null,
  quantity integer not null,
  amount_paise bigint not null,
  tax_rate integer,
  constraint booking_price_lines_pkey primary key (booking_id, position),
  constraint booking_price_lines_flight_fkey foreign key (booking_id, flight_id)
    references booking_flights (booking_id, flight_id),
  constraint booking_price_lines_kind_known check (kind in
    ('base_fare', 'fuel_surcharge', 'discount', 'gst', 'user_development_fee', 'aviation_security_fee')),
  constraint booking_price_lines_quantity_positive check (quantity > 0),
  constraint booking_price_lines_sign check ((kind = 'discount') = (amount_paise < 0)),
  constraint booking_price_lines_tax_has_rate check ((kind = 'gst') = (tax_rate is not null))
);

create trigger booking_price_lines_append_only before update or delete or truncate on booking_price_lines
  for each statement execute function refuse_change();

create function require_price_lines_add_up(priced_booking_id bigint) returns void language plpgsql as $$
declare
  due bigint;
  total bigint;
begin
  select amount_due_paise into due from bookings where booking_id = priced_booking_id;
  select coalesce(sum(amount_paise), 0) into total from booking_price_lines where booking_id = priced_booking_id;
  if due is distinct from total then
    raise exception 'the price lines of booking % add up to %, not to the % that are due', priced_booking_id, total, due
      using errcode = 'check_violation', constraint = 'booking_price_lines_add_up';
  end if;
end $$;

-- Both checks run when the statement ends. Amount and lines are therefore written by one statement, and neither
-- side can be changed alone.
create function price_lines_add_up() returns trigger language plpgsql as $$
begin
  perform require_price_lines_add_up(booking_id) from (select distinct booking_id from added) as priced;
  return null;
end $$;
create trigger booking_price_lines_add_up after insert on booking_price_lines
  referencing new table as added for each statement execute function price_lines_add_up();

create function amount_due_adds_up() returns trigger language plpgsql as $$
begin
  perform require_price_lines_add_up(new.booking_id);
  return null;
end $$;
create trigger bookings_amount_adds_up after update of amount_due_paise on bookings
  for each row when (old.amount_due_paise is distinct from new.amount_due_paise)
  execute function amount_due_adds_up();
