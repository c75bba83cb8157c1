-- The brand of a booking's fares. What was booked before there were brands was sold as saver is now.
alter table bookings
  add column fare_brand text not null default 'saver',
  add constraint bookings_fare_brand_known check (fare_brand in ('saver', 'flex'));
