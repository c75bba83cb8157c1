-- The fee that a cancellation kept may be given back after all: a refund on top of the cancellation's own, once.
alter table refunds
  drop constraint refunds_reason_code_known,
  add constraint refunds_reason_code_known check (reason_code in (
    'expired', 'seats_lost', 'cancelled', 'already_paid', 'not_payable', 'amount_mismatch', 'operator', 'correction',
    'fee_returned'
  ));
create unique index refunds_one_per_returned_fee on refunds (payment_id) where reason_code = 'fee_returned';
