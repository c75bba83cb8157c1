-- One use of a code by one booking. A booking whose redemption was released before it was taken has a row
-- without a code, which keeps a take that was under way from ever holding a use nobody would give back.
create table redemptions (
  booking_id bigint not null,
  code text,
  user_id bigint,
  eligible_paise bigint,
  discount_paise bigint,
  status text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint redemptions_pkey primary key (booking_id),
  constraint redemptions_code_fkey foreign key (code) references discount_codes (code),
  constraint redemptions_status_known check (status in ('HELD', 'REDEEMED', 'LAPSED', 'RELEASED')),
  constraint redemptions_discount_within_fare check (discount_paise between 0 and eligible_paise),
  constraint redemptions_complete check (
    num_nonnulls(code, user_id, eligible_paise, discount_paise) = 4
    or (num_nonnulls(code, user_id, eligible_paise, discount_paise) = 0 and status = 'RELEASED')
  )
);

-- How many uses of a code each customer has, held or redeemed; the row that decides the limit per customer.
create table customer_uses (
  code text not null,
  user_id bigint not null,
  uses integer not null,
  constraint customer_uses_pkey primary key (code, user_id),
  constraint customer_uses_code_fkey foreign key (code) references discount_codes (code),
  constraint customer_uses_not_negative check (uses >= 0)
);

-- A released redemption has given its use back and never takes it again.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'a redemption cannot move from % to %', old.status, new.status
    using errcode = 'check_violation', constraint = 'redemptions_moves';
end
$$;
create trigger redemptions_moves before update of status on redemptions
  for each row
  when (
    (old.status, new.status) not in (
      ('HELD', 'REDEEMED'), ('HELD', 'LAPSED'), ('HELD', 'RELEASED'), ('REDEEMED', 'RELEASED'),
      ('LAPSED', 'REDEEMED'), ('LAPSED', 'RELEASED')
    )
  )
  execute function refuse_change();
