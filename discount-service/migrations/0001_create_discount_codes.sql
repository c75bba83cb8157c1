-- A code and everything that must hold for it to be used. `uses` counts the redemptions that are held or
-- redeemed; the constraint on it is the last word on the limit, whatever the statements before it thought.
create table discount_codes (
  code text not null,
  description text not null,
  type text not null,
  percent_rate integer,
  amount_paise bigint,
  max_discount_paise bigint,
  minimum_amount_paise bigint not null default 0,
  total_limit integer,
  per_user_limit integer,
  valid_from timestamptz,
  valid_until timestamptz,
  airline_code text,
  active boolean not null default true,
  uses integer not null default 0,
  created_at timestamptz not null default now(),
  constraint discount_codes_pkey primary key (code),
  constraint discount_codes_code_form check (code ~ '^[A-Z0-9]{3,20}$'),
  constraint discount_codes_type_known check (type in ('percent', 'flat')),
  constraint discount_codes_percent_has_rate check ((type = 'percent') = (percent_rate is not null)),
  constraint discount_codes_flat_has_amount check ((type = 'flat') = (amount_paise is not null)),
  constraint discount_codes_cap_on_percent_only check (max_discount_paise is null or type = 'percent'),
  -- In basis points: 5000 is half of the fare.
  constraint discount_codes_rate_range check (percent_rate between 1 and 10000),
  constraint discount_codes_amounts_positive check (amount_paise > 0 and max_discount_paise > 0),
  constraint discount_codes_minimum_not_negative check (minimum_amount_paise >= 0),
  constraint discount_codes_limits_positive check (total_limit > 0 and per_user_limit > 0),
  constraint discount_codes_window_ordered check (valid_from < valid_until),
  constraint discount_codes_uses_within_limit check (uses >= 0 and (total_limit is null or uses <= total_limit))
);
