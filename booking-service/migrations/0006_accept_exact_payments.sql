-- A payment confirms its booking only with exactly the amount that is due. The service refuses any other before it
-- writes it down; this is for the day on which it does not.
create function booking_payments_pay_what_is_due() returns trigger language plpgsql as $$
begin
  if new.amount_paise is distinct from (select amount_due_paise from bookings where booking_id = new.booking_id) then
    raise exception 'payment % is not what is due for booking %', new.payment_id, new.booking_id
      using errcode = 'check_violation', constraint = 'booking_payments_accepted_is_due';
  end if;
  return new;
end $$;
create trigger booking_payments_accepted_is_due before insert or update on booking_payments
  for each row when (new.verdict = 'accepted') execute function booking_payments_pay_what_is_due();
