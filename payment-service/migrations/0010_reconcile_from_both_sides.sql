-- Reconciliation also starts from what changed at booking-service, and goes slowly round over all payments.
alter table reconciliation_runs
  -- How far the changes of booking-service have been read.
  add column bookings_position text,
  -- The last payment that the round has come to; 0 when it begins anew.
  add column swept_to bigint;

-- Bookings that stand with a payment that does not exist here, as booking-service told.
create table unknown_payments (
  payment_id bigint not null,
  booking_id bigint not null,
  constraint unknown_payments_pkey primary key (payment_id)
);
