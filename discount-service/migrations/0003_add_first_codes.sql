-- One code for every rule there is, so that each can be tried. An administrator disables those that are not wanted.
insert into discount_codes
  (code, description, type, percent_rate, amount_paise, max_discount_paise, minimum_amount_paise,
   total_limit, per_user_limit, valid_from, valid_until, airline_code)
values
  ('FLY50', 'Half of the fare, up to ₹1,500', 'percent', 5000, null, 150000, 0, null, null, null, null, null),
  ('FLAT500', '₹500 off fares from ₹3,000', 'flat', null, 50000, null, 300000, null, null, null, null, null),
  ('WELCOME10', '10 % off once for every customer, up to ₹1,000', 'percent', 1000, null, 100000, 0, null, 1, null, null, null),
  ('FIRST100', '25 % off for the first hundred bookings, up to ₹2,000', 'percent', 2500, null, 200000, 0, 100, null, null, null, null),
  ('INDIGO15', '15 % off flights of IndiGo, up to ₹1,000', 'percent', 1500, null, 100000, 0, null, null, null, null, '6E'),
  ('SUMMER25', '25 % off in the summer of 2025', 'percent', 2500, null, null, 0, null, null, '2025-04-01 00:00+05:30', '2025-07-01 00:00+05:30', null),
  ('FREEDOM47', '47 % off in August 2047', 'percent', 4700, null, null, 0, null, null, '2047-08-01 00:00+05:30', '2047-09-01 00:00+05:30', null)
on conflict (code) do nothing;
