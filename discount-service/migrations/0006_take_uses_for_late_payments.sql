-- A payment of an expired booking takes the use of its code anew before it is accepted, under its own number. A lapse
-- names the payments that were refused and undoes only what they took, so one that is heard late takes nothing from a
-- payment that came after it.
alter table redemptions add column taken_for_payment bigint;

-- Payments that never take a use again: they found none left, or their booking refused them. A call that is repeated or
-- heard late gets the answer of the first one, for ever.
create table refused_payments (
  booking_id bigint not null,
  payment_id bigint not null,
  refused_at timestamptz not null default clock_timestamp(),
  constraint refused_payments_pkey primary key (booking_id, payment_id),
  constraint refused_payments_redemption_fkey foreign key (booking_id) references redemptions (booking_id)
);

drop trigger redemptions_moves on redemptions;
create trigger redemptions_moves before update of status on redemptions
  for each row
  when (
    (old.status, new.status) not in (
      ('HELD', 'REDEEMED'), ('HELD', 'LAPSED'), ('HELD', 'RELEASED'), ('REDEEMED', 'RELEASED'),
      ('LAPSED', 'HELD'), ('LAPSED', 'REDEEMED'), ('LAPSED', 'RELEASED')
    )
  )
  execute function refuse_change();

-- A redemption is held once by its booking and once more by each late payment.
drop index redemption_history_held_once;
