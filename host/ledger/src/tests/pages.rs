//! Pages from the ledger. The left side is what is asked, the right side what comes of it; the last
//! line is always the auditor.

use expect_test::expect;

use super::script::check;

#[tokio::test]
async fn a_cup_of_tea_is_asked_for_approved_and_paid_once() {
    check(expect![[r#"
        deposit ana 20.00 USD d1                       => e1
        open tea ana 7.50 USD cup item=Green_tea memo=Enjoy! => o1 pending
        waiting ana                                    => o1
        says o1                                        => 1 × Green tea at 7.50 USD; memo "Enjoy!"
        balance ana                                    => 20.00 USD
        sheet o1 ana                                   => n1
        approve o1 ana n1 a1                           => paid e2
        approve o1 ana n1 a2                           => refused: the order is paid
        waiting ana                                    => nothing
        balance ana                                    => 12.50 USD
        balance tea                                    => 7.50 USD
        balance bank                                   => -20.00 USD
        history o1                                     => 1 pending by app
                                                       |  2 paid by payer
        receipt e2                                     => valid: payment 7.50 USD
        audit                                          => 3 accounts, 2 entries, 1 order, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn what_closed_without_being_paid_stays_closed_and_moves_nothing() {
    check(expect![[r#"
        deposit ana 20.00 USD d1                       => e1
        # The payer says no.
        open tea ana 7.50 USD declined                 => o1 pending
        decline o1 ana                                 => declined
        decline o1 ana                                 => declined
        cancel o1 tea                                  => refused: the order is declined
        pay o1 ana a1                                  => refused: the order is declined
        refund o1 tea r 1.00 USD                       => refused: the order is declined
        history o1                                     => 1 pending by app
                                                       |  2 declined by payer
        # The app takes it back.
        open tea ana 7.50 USD canceled                 => o2 pending
        cancel o2 tea we ran out of tea                => canceled
        cancel o2 tea another reason                   => canceled
        decline o2 ana                                 => refused: the order is canceled
        pay o2 ana a2                                  => refused: the order is canceled
        history o2                                     => 1 pending by app
                                                       |  2 canceled by app "we ran out of tea"
        # Time runs out.
        open tea ana 7.50 USD expired waits=30s        => o3 pending
        expire o3                                      => nothing to do
        wait 30s                                       => later
        expire o3                                      => expired
        expire o3                                      => nothing to do
        cancel o3 tea                                  => refused: the order is expired
        decline o3 ana                                 => refused: the order is expired
        pay o3 ana a3                                  => refused: the order is expired
        history o3                                     => 1 pending by app
                                                       |  2 expired by host
        balance ana                                    => 20.00 USD
        waiting ana                                    => nothing
        audit                                          => 2 accounts, 1 entry, 3 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn an_order_whose_time_is_up_is_closed_before_anybody_closes_it() {
    check(expect![[r#"
        deposit ana 20.00 USD d1                       => e1
        open tea ana 7.50 USD cup waits=1s             => o1 pending
        sheet o1 ana                                   => n1
        wait 999ms                                     => later
        waiting ana                                    => o1
        wait 1ms                                       => later
        waiting ana                                    => nothing
        approve o1 ana n1 a1                           => refused: the order is expired
        pay o1 ana a2                                  => refused: the order is expired
        decline o1 ana                                 => refused: the order is expired
        cancel o1 tea                                  => refused: the order is expired
        sheet o1 ana                                   => refused: the order is expired
        history o1                                     => 1 pending by app
        expire o1                                      => expired
        history o1                                     => 1 pending by app
                                                       |  2 expired by host
        balance ana                                    => 20.00 USD
        audit                                          => 2 accounts, 1 entry, 1 order, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn a_payment_is_given_back_in_parts_and_never_more_than_it_was() {
    check(expect![[r#"
        deposit ana 20.00 USD d1                       => e1
        open tea ana 10.00 USD cup                     => o1 pending
        pay o1 ana a1                                  => paid e2
        refund o1 tea r1 2.50 USD no sugar             => paid e3, 2.50 USD refunded
        refund o1 tea r2 7.51 USD                      => refused: at most 7.50 USD is left to
                                                       |  refund
        refund o1 tea r3 2.50 EUR                      => refused: at most 7.50 USD is left to
                                                       |  refund
        refund o1 tea r4 0.00 USD                      => refused: the amount must be more than zero
        refund o1 tea r5 7.00 USD                      => paid e4, 9.50 USD refunded
        refund o1 tea r6 0.50 USD sorry                => refunded e5, 10.00 USD refunded
        refund o1 tea r7 0.01 USD                      => refused: the order is refunded
        pay o1 ana a2                                  => refused: the order is refunded
        cancel o1 tea                                  => refused: the order is refunded
        history o1                                     => 1 pending by app
                                                       |  2 paid by payer
                                                       |  3 paid by app "no sugar"
                                                       |  4 paid by app
                                                       |  5 refunded by app "sorry"
        statement ana USD                              => +20.00 USD deposit bank
                                                       |  -10.00 USD payment tea
                                                       |  +2.50 USD refund tea "no sugar"
                                                       |  +7.00 USD refund tea
                                                       |  +0.50 USD refund tea "sorry"
        statement tea USD                              => +10.00 USD payment ana
                                                       |  -2.50 USD refund ana "no sugar"
                                                       |  -7.00 USD refund ana
                                                       |  -0.50 USD refund ana "sorry"
        balance ana                                    => 20.00 USD
        balance tea                                    => 0.00 USD
        audit                                          => 3 accounts, 5 entries, 1 order, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn a_refund_comes_out_of_what_the_app_has_left() {
    check(expect![[r#"
        deposit ana 10.00 USD d1                       => e1
        deposit ben 10.00 USD d2                       => e2
        open tea ana 10.00 USD cup                     => o1 pending
        open spice ben 4.00 USD jar                    => o2 pending
        pay o1 ana a1                                  => paid e3
        pay o2 ben a2                                  => paid e4
        # Another app's money is not there to be given back.
        refund o1 spice r 1.00 USD                     => refused: there is no such order
        refund o2 tea r 1.00 USD                       => refused: there is no such order
        refund o1 tea r 10.00 USD                      => refunded e5, 10.00 USD refunded
        balance tea                                    => 0.00 USD
        balance spice                                  => 4.00 USD
        numbers tea USD                                => debits 1000, 0 held
                                                       |  credits 1000, 0 held
                                                       |  available 0
        audit                                          => 5 accounts, 5 entries, 2 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn nobody_pays_with_money_they_do_not_have() {
    check(expect![[r#"
        deposit ana 7.49 USD d1                        => e1
        open tea ana 7.50 USD cup                      => o1 pending
        sheet o1 ana                                   => n1
        approve o1 ana n1 a1                           => refused: the balance is too low
        balance ana                                    => 7.49 USD
        balance tea                                    => nothing
        history o1                                     => 1 pending by app
        # The approval was not spent by the try that failed, nor was its attempt.
        deposit ana 0.01 USD d2                        => e2
        approve o1 ana n1 a1                           => paid e3
        balance ana                                    => 0.00 USD
        audit                                          => 3 accounts, 3 entries, 1 order, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn money_of_one_currency_does_not_pay_in_another() {
    check(expect![[r#"
        deposit ana 20.00 EUR d1                       => e1
        deposit ana 1000 JPY d2                        => e2
        open tea ana 5.00 USD dollars                  => o1 pending
        open tea ana 5.00 EUR euros                    => o2 pending
        open tea ana 300 JPY yen                       => o3 pending
        pay o1 ana a1                                  => refused: the balance is too low
        pay o2 ana a2                                  => paid e3
        pay o3 ana a3                                  => paid e4
        refund o3 tea r 3.00 USD                       => refused: at most 300 JPY is left to refund
        refund o3 tea r 100 JPY                        => paid e5, 100 JPY refunded
        balance ana                                    => 15.00 EUR, 800 JPY
        balance tea                                    => 5.00 EUR, 200 JPY
        balance bank                                   => -20.00 EUR, -1000 JPY
        audit                                          => 6 accounts, 5 entries, 3 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn only_the_payer_answers_and_only_the_app_takes_back() {
    check(expect![[r#"
        deposit ana 20.00 USD d1                       => e1
        deposit eve 20.00 USD d2                       => e2
        open tea ana 5.00 USD cup                      => o1 pending
        sheet o1 eve                                   => refused: there is no such order
        sheet o1 ana                                   => n1
        approve o1 eve n1 a1                           => refused: there is no such order
        pay o1 eve a2                                  => refused: there is no such order
        decline o1 eve                                 => refused: there is no such order
        cancel o1 spice                                => refused: there is no such order
        refund o1 spice r 1.00 USD                     => refused: there is no such order
        # What is not there and what is somebody else's cannot be told apart.
        pay o9 eve a3                                  => refused: there is no such order
        cancel o9 spice                                => refused: there is no such order
        approve o1 ana n1 a4                           => paid e3
        balance eve                                    => 20.00 USD
        audit                                          => 4 accounts, 3 entries, 1 order, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn an_approval_is_good_once_for_one_order_and_ten_minutes() {
    check(expect![[r#"
        deposit ana 20.00 USD d1                       => e1
        open tea ana 5.00 USD one                      => o1 pending
        open tea ana 5.00 USD two                      => o2 pending
        sheet o1 ana                                   => n1
        approve o2 ana n1 a1                           => refused: the approval is used up or out of
                                                       |  date; open the sheet again
        approve o1 ana n9 a2                           => refused: the approval is used up or out of
                                                       |  date; open the sheet again
        wait 10m                                       => later
        approve o1 ana n1 a3                           => refused: the approval is used up or out of
                                                       |  date; open the sheet again
        sheet o1 ana                                   => n2
        sheet o2 ana                                   => n3
        approve o1 ana n2 a4                           => paid e2
        approve o1 ana n2 a5                           => refused: the order is paid
        approve o2 ana n2 a6                           => refused: the approval is used up or out of
                                                       |  date; open the sheet again
        approve o2 ana n3 a7                           => paid e3
        balance ana                                    => 10.00 USD
        audit                                          => 3 accounts, 3 entries, 2 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn three_sheets_of_one_app_wait_for_one_person() {
    check(expect![[r#"
        open tea ana 1.00 USD one                      => o1 pending
        open tea ana 1.00 USD two                      => o2 pending
        open tea ana 1.00 USD three                    => o3 pending
        open tea ana 1.00 USD four                     => refused: 3 orders of this app already wait
                                                       |  for this person
        # Asking again for one that waits is no fourth; others have their own three.
        open tea ana 1.00 USD two                      => o2 pending
        open spice ana 1.00 USD one                    => o4 pending
        open tea ben 1.00 USD bens                     => o5 pending
        waiting ana                                    => o1, o2, o3, o4
        decline o2 ana                                 => declined
        open tea ana 1.00 USD four                     => o6 pending
        open tea ana 1.00 USD five                     => refused: 3 orders of this app already wait
                                                       |  for this person
        waiting ana                                    => o1, o3, o4, o6
        audit                                          => 0 accounts, 0 entries, 6 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn an_order_stays_under_the_ceiling_of_its_app() {
    check(expect![[r#"
        open tea ana 50.00 USD under ceiling=50.00_USD => o1 pending
        open tea ana 50.01 USD over ceiling=50.00_USD  => refused: the app may ask for at most 50.00
                                                       |  USD in one order
        open tea ana 1 JPY yen ceiling=50.00_USD       => refused: the app may ask for at most 50.00
                                                       |  USD in one order
        # The ceiling is the host's and no part of what the app asks: it may change in between.
        open tea ana 50.00 USD under ceiling=5.00_USD  => o1 pending
        audit                                          => 0 accounts, 0 entries, 1 order, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn an_order_waits_from_a_second_to_seven_days_and_two_hours_by_itself() {
    check(expect![[r#"
        open tea ana 1.00 USD soon waits=999ms         => refused: an order must wait at least a
                                                       |  second and at most seven days
        open tea ana 1.00 USD soon waits=1s            => o1 pending
        open spice ana 1.00 USD long waits=7d          => o2 pending
        open spice ana 1.00 USD longer waits=604800001ms => refused: an order must wait at least a
                                                       |  second and at most seven days
        open tea ana 1.00 USD default                  => o3 pending
        wait 7199s                                     => later
        waiting ana                                    => o2, o3
        wait 1s                                        => later
        waiting ana                                    => o2
        expire o1                                      => expired
        expire o3                                      => expired
        expire o2                                      => nothing to do
        audit                                          => 0 accounts, 0 entries, 3 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn the_same_again_is_the_same_and_other_terms_are_refused() {
    check(expect![[r#"
        deposit ana 20.00 USD d1                       => e1
        deposit ana 20.00 USD d1                       => e1
        deposit ana 20.01 USD d1                       => refused: the transfer id was already used
                                                       |  with other terms
        deposit ben 20.00 USD d1                       => refused: the transfer id was already used
                                                       |  with other terms
        open tea ana 5.00 USD cup memo=Hello           => o1 pending
        open tea ana 5.00 USD cup memo=Hello           => o1 pending
        open tea ana 5.00 USD cup memo=Goodbye         => refused: the key was already used with
                                                       |  other contents
        open tea ana 5.01 USD cup memo=Hello           => refused: the key was already used with
                                                       |  other contents
        open tea ben 5.00 USD cup memo=Hello           => refused: the key was already used with
                                                       |  other contents
        open tea ana 5.00 USD cup memo=Hello waits=1h  => refused: the key was already used with
                                                       |  other contents
        open tea ana 5.00 USD cup memo=Hello waits=2h  => o1 pending
        # The key of another app is another key.
        open spice ana 5.00 USD cup memo=Hello         => o2 pending
        pay o1 ana a1                                  => paid e2
        pay o1 ana a1                                  => paid e2
        pay o2 ana a1                                  => refused: the transfer id was already used
                                                       |  with other terms
        pay o1 ana d1                                  => refused: the transfer id was already used
                                                       |  with other terms
        deposit ana 5.00 USD a1                        => refused: the transfer id was already used
                                                       |  with other terms
        refund o1 tea r 1.00 USD cold                  => paid e3, 1.00 USD refunded
        refund o1 tea r 1.00 USD cold                  => paid e3, 1.00 USD refunded
        refund o1 tea r 1.01 USD cold                  => refused: the key was already used with
                                                       |  other contents
        refund o1 tea r 1.00 USD late                  => refused: the key was already used with
                                                       |  other contents
        # Also long after everything is over.
        refund o1 tea s 4.00 USD                       => refunded e4, 5.00 USD refunded
        wait 8d                                        => later
        open tea ana 5.00 USD cup memo=Hello           => o1 refunded
        pay o1 ana a1                                  => refunded e2
        refund o1 tea r 1.00 USD cold                  => refunded e3, 5.00 USD refunded
        balance ana                                    => 20.00 USD
        audit                                          => 3 accounts, 4 entries, 2 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn a_refused_transfer_leaves_nothing_not_even_its_id() {
    check(expect![[r#"
        open tea ana 5.00 USD cup                      => o1 pending
        pay o1 ana a1                                  => refused: the balance is too low
        balance ana                                    => nothing
        balance tea                                    => nothing
        deposit ana 0.00 USD d1                        => refused: the amount must be more than zero
        deposit ana 5.00 USD d1                        => e1
        pay o1 ana a1                                  => paid e2
        audit                                          => 3 accounts, 2 entries, 1 order, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn people_hear_of_their_orders_and_their_money() {
    check(expect![[r#"
        deposit ana 20.00 USD d1                       => e1
        open tea ana 5.00 USD cup                      => o1 pending
        open tea ben 5.00 USD cup2                     => o2 pending
        pay o1 ana a1                                  => paid e2
        refund o1 tea r 1.00 USD                       => paid e3, 1.00 USD refunded
        decline o2 ben                                 => declined
        decline o2 ben                                 => declined
        news ana                                       => account, o1 rev 1, o1 rev 2, o1 rev 3
        news ben                                       => o2 rev 1, o2 rev 2
        news eve                                       => nothing
        audit                                          => 3 accounts, 3 entries, 2 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn erased_texts_are_gone_and_the_money_still_adds_up() {
    check(expect![[r#"
        deposit ana 20.00 USD d1                       => e1
        open tea ana 5.00 USD cup item=Love_potion memo=for_Ben => o1 pending
        open tea ana 5.00 USD second item=Another      => o2 pending
        pay o1 ana a1                                  => paid e2
        refund o1 tea r 1.00 USD it did not work       => paid e3, 1.00 USD refunded
        sheet o2 ana                                   => n1
        says o1                                        => 1 × Love potion at 5.00 USD; memo "for
                                                       |  Ben"
        statement ana USD                              => +20.00 USD deposit bank
                                                       |  -5.00 USD payment tea
                                                       |  +1.00 USD refund tea "it did not work"
        erase ana                                      => gone
        says o1                                        => erased
        history o1                                     => 1 pending by app
                                                       |  2 paid by payer
                                                       |  3 paid by app
        statement ana USD                              => +20.00 USD deposit bank
                                                       |  -5.00 USD payment tea
                                                       |  +1.00 USD refund tea
        # Nobody can agree to what nobody can read.
        approve o2 ana n1 a2                           => refused: what the order says was erased
        sheet o2 ana                                   => refused: what the order says was erased
        # What can no longer be compared counts as the same.
        open tea ana 5.00 USD cup item=Something_else  => o1 paid
        open tea ana 6.00 USD cup item=Something_else  => refused: the key was already used with
                                                       |  other contents
        refund o1 tea r 1.00 USD other words           => paid e3, 1.00 USD refunded
        refund o1 tea r 1.01 USD other words           => refused: the key was already used with
                                                       |  other contents
        receipt e2                                     => valid: payment 5.00 USD
        audit                                          => 3 accounts, 3 entries, 2 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn an_account_holds_what_every_language_can_count() {
    check(expect![[r#"
        deposit ana 90071992547409.91 USD d1           => e1
        deposit ana 0.01 USD d2                        => refused: the account cannot hold that much
        balance ana                                    => 90071992547409.91 USD
        open tea ana 90071992547409.91 USD all         => o1 pending
        pay o1 ana a1                                  => paid e2
        deposit ana 90071992547409.91 USD d3           => e3
        open tea ana 0.01 USD more                     => o2 pending
        pay o2 ana a2                                  => refused: the account cannot hold that much
        refund o1 tea r 0.01 USD                       => refused: the account cannot hold that much
        balance ana                                    => 90071992547409.91 USD
        balance tea                                    => 90071992547409.91 USD
        balance bank                                   => -18014398509481982 minor units
        numbers ana USD                                => debits 9007199254740991, 0 held
                                                       |  credits 18014398509481982, 0 held
                                                       |  available 9007199254740991
        numbers tea USD                                => debits 0, 0 held
                                                       |  credits 9007199254740991, 0 held
                                                       |  available 9007199254740991
        numbers bank USD                               => debits 18014398509481982, 0 held
                                                       |  credits 0, 0 held
                                                       |  available -18014398509481982
        audit                                          => 3 accounts, 3 entries, 2 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn an_unused_ledger_is_balanced() {
    check(expect![[r#"
        balance ana                                    => nothing
        numbers ana USD                                => debits 0, 0 held
                                                       |  credits 0, 0 held
                                                       |  available 0
        statement ana USD                              => nothing
        waiting ana                                    => nothing
        news ana                                       => nothing
        audit                                          => 0 accounts, 0 entries, 0 orders, balanced
    "#]])
    .await;
}
