-- Captured payments that booking-service was told of, and what became of each. The verdict is written once and
-- given again whenever payment-service asks: a payment that was told to go back never confirms a booking later.
-- A row without a verdict says that seats may be on their way to being sold, so the booking does not expire.
create table booking_payments (
  payment_id bigint not null,
  booking_id bigint not null,
  amount_paise bigint not null,
  verdict text,
  received_at timestamptz not null default now(),
  decided_at timestamptz,
  constraint booking_payments_pkey primary key (payment_id),
  constraint booking_payments_booking_fkey foreign key (booking_id) references bookings (booking_id),
  constraint booking_payments_verdict_known
    check (verdict in ('accepted', 'expired', 'cancelled', 'seats_lost', 'already_paid')),
  constraint booking_payments_verdict_has_time check ((verdict is null) = (decided_at is null))
);
create unique index booking_payments_one_accepted on booking_payments (booking_id) where verdict = 'accepted';
create index booking_payments_undecided on booking_payments (booking_id) where verdict is null;

create trigger booking_payments_verdict_stands before update on booking_payments
  for each row when (old.verdict is not null) execute function refuse_change();
