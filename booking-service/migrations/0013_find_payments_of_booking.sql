-- The timeline asks for every payment of a booking, decided or not; the indexes that there are hold some of them each.
create index booking_payments_booking on booking_payments (booking_id);
