//! Pages about money that is set aside: authorizations, gifts, and what counts against limits.

use expect_test::expect;

use super::script::check;

#[tokio::test]
async fn held_money_cannot_be_spent_and_is_taken_once() {
    check(expect![[r#"
        deposit ana 12.00 USD d1                       => e1
        open florist ana 9.00 USD bouquet authorize=only => o1 pending
        pay o1 ana a1                                  => authorized e2
        pay o1 ana a1                                  => authorized e2
        balance ana                                    => 3.00 USD
        numbers ana USD                                => debits 0, 900 held
                                                       |  credits 1200, 0 held
                                                       |  available 300
        numbers florist USD                            => debits 0, 0 held
                                                       |  credits 0, 900 held
                                                       |  available 0
        open tea ana 4.00 USD cup                      => o2 pending
        pay o2 ana a2                                  => refused: the balance is too low
        capture o1 florist 9.01 USD                    => refused: at most 9.00 USD is there to
                                                       |  capture
        capture o1 florist 9.00 EUR                    => refused: at most 9.00 USD is there to
                                                       |  capture
        capture o1 tea 7.50 USD                        => refused: there is no such order
        capture o1 florist 0.00 USD                    => refused: the amount must be more than zero
        audit                                          => 3 accounts, 2 entries, 2 orders, balanced
        capture o1 florist 7.50 USD                    => paid e3
        capture o1 florist 7.50 USD                    => paid e3
        capture o1 florist 7.51 USD                    => refused: the order is paid
        cancel o1 florist too late                     => refused: the order is paid
        pay o2 ana a3                                  => paid e4
        numbers ana USD                                => debits 1150, 0 held
                                                       |  credits 1200, 0 held
                                                       |  available 50
        numbers florist USD                            => debits 0, 0 held
                                                       |  credits 750, 0 held
                                                       |  available 750
        refund o1 florist r1 7.51 USD                  => refused: at most 7.50 USD is left to
                                                       |  refund
        refund o1 florist r1 7.50 USD                  => refunded e5, 7.50 USD refunded
        history o1                                     => 1 pending by app
                                                       |  2 authorized by payer
                                                       |  3 paid by app
                                                       |  4 refunded by app
        statement ana USD                              => +12.00 USD deposit bank
                                                       |  -7.50 USD payment florist
                                                       |  -4.00 USD payment tea
                                                       |  +7.50 USD refund florist
        audit                                          => 4 accounts, 5 entries, 2 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn an_authorization_goes_back_when_it_is_voided_or_its_time_is_up() {
    check(expect![[r#"
        deposit ana 10.00 USD d1                       => e1
        open florist ana 6.00 USD one authorize=only   => o1 pending
        pay o1 ana a1                                  => authorized e2
        cancel o1 florist no roses today               => voided
        cancel o1 florist no tulips either             => voided
        capture o1 florist 6.00 USD                    => refused: the order is voided
        balance ana                                    => 10.00 USD
        open florist ana 7.00 USD two authorize=only   => o2 pending
        pay o2 ana a2                                  => authorized e3
        wait 604799999ms                               => later
        expire o2                                      => nothing to do
        wait 1ms                                       => later
        # Nobody has come round to it, and it is as good as given back.
        capture o2 florist 7.00 USD                    => refused: the order is voided
        cancel o2 florist                              => authorized
        numbers ana USD                                => debits 0, 700 held
                                                       |  credits 1000, 0 held
                                                       |  available 300
        expire o2                                      => voided
        expire o2                                      => nothing to do
        pay o2 ana a2                                  => voided e3
        balance ana                                    => 10.00 USD
        history o2                                     => 1 pending by app
                                                       |  2 authorized by payer
                                                       |  3 voided by host
        statement ana USD                              => +10.00 USD deposit bank
        audit                                          => 3 accounts, 5 entries, 2 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn an_operator_lets_authorizations_stand_for_less() {
    check(expect![[r#"
        policy authorization=4000ms                    => set
        deposit ana 10.00 USD d1                       => e1
        open florist ana 6.00 USD one authorize=only   => o1 pending
        pay o1 ana a1                                  => authorized e2
        policy authorization=9000ms                    => set
        wait 3999ms                                    => later
        expire o1                                      => nothing to do
        wait 1ms                                       => later
        expire o1                                      => voided
        balance ana                                    => 10.00 USD
    "#]])
    .await;
}

#[tokio::test]
async fn the_host_takes_its_fee_from_the_app() {
    check(expect![[r#"
        policy fee=250 fixed=0.30_USD                  => set
        deposit ana 30.00 USD d1                       => e1
        open tea ana 10.00 USD cup                     => o1 pending
        # The fee is fixed when the sheet is drawn.
        policy fee=9000                                => set
        pay o1 ana a1                                  => paid e2
        pay o1 ana a1                                  => paid e2
        balance tea                                    => 9.45 USD
        balance fees                                   => 0.55 USD
        policy fee=250                                 => set
        open tea ana 10.00 USD held authorize=only     => o2 pending
        pay o2 ana a2                                  => authorized e3
        balance fees                                   => 0.55 USD
        capture o2 tea 5.00 USD                        => paid e4
        balance tea                                    => 14.18 USD
        balance fees                                   => 0.82 USD
        refund o1 tea r1 10.00 USD                     => refunded e5, 10.00 USD refunded
        balance tea                                    => 4.18 USD
        balance fees                                   => 0.82 USD
        refund o2 tea r2 5.00 USD                      => refused: the balance is too low
        statement tea USD                              => +10.00 USD payment ana
                                                       |  -0.55 USD fee fees
                                                       |  +5.00 USD payment ana
                                                       |  -0.27 USD fee fees
                                                       |  -10.00 USD refund ana
        audit                                          => 4 accounts, 7 entries, 2 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn limits_count_what_is_held_and_give_back_what_goes_back() {
    check(expect![[r#"
        policy order=8.00_USD day=12.00_USD app=10.00_USD balance=50.00_USD => set
        deposit ana 50.00 USD d1                       => e1
        deposit ana 0.01 USD d2                        => refused: an account may hold at most 50.00
                                                       |  USD
        open tea ana 8.01 USD dear                     => o1 pending
        pay o1 ana a1                                  => refused: at most 8.00 USD may be spent at
                                                       |  once
        cancel o1 tea                                  => canceled
        open tea ana 8.00 USD held authorize=only      => o2 pending
        pay o2 ana a2                                  => authorized e2
        open tea ana 2.01 USD over                     => o3 pending
        pay o3 ana a3                                  => refused: at most 10.00 USD may be spent at
                                                       |  one app in one day
        open tea ana 2.00 USD even                     => o4 pending
        pay o4 ana a4                                  => paid e3
        open spice ana 2.01 USD jar                    => o5 pending
        pay o5 ana a5                                  => refused: at most 12.00 USD may be spent in
                                                       |  one day
        offer ana ben 2.01 USD g1                      => refused: at most 12.00 USD may be spent in
                                                       |  one day
        offer ana ben 2.00 USD g2                      => offered
        # What was held and not taken, or not accepted, can be spent again.
        capture o2 tea 3.00 USD                        => paid e4
        refuse g2 ben                                  => declined
        pay o5 ana a6                                  => paid e5
        audit                                          => 5 accounts, 7 entries, 5 orders, balanced
        # Another day, another limit.
        wait 15h                                       => later
        pay o3 ana a7                                  => refused: the order is expired
        offer ana ben 8.01 USD g3                      => refused: at most 8.00 USD may be spent at
                                                       |  once
        offer ana ben 8.00 USD g4                      => offered
        audit                                          => 5 accounts, 8 entries, 5 orders, balanced
        # What is on its way to somebody counts for them.
        deposit ben 42.00 USD d3                       => e6
        deposit ben 0.01 USD d4                        => refused: an account may hold at most 50.00
                                                       |  USD
        accept g4 ben                                  => accepted
        deposit ben 0.01 USD d5                        => refused: an account may hold at most 50.00
                                                       |  USD
        # What was theirs before finds its way back, and limits say nothing of other currencies.
        open tea ben 2.00 USD bens                     => o6 pending
        pay o6 ben a8                                  => paid e7
        deposit ben 2.00 USD d6                        => e8
        refund o6 tea r1 2.00 USD                      => refunded e9, 2.00 USD refunded
        deposit ben 1000 JPY d7                        => e10
        balance ben                                    => 1000 JPY, 52.00 USD
        audit                                          => 7 accounts, 14 entries, 6 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn money_sent_to_a_person_waits_to_be_accepted() {
    check(expect![[r#"
        deposit ana 20.00 USD d1                       => e1
        offer ana ana 1.00 USD g0                      => refused: nobody can send money to
                                                       |  themselves
        offer ana ben 20.01 USD g1                     => refused: the balance is too low
        offer ana ben 5.00 USD g2 for  the tea         => offered
        offer ana ben 5.00 USD g2 for the tea          => offered
        offer ana ben 5.01 USD g2 for the tea          => refused: the transfer id was already used
                                                       |  with other terms
        offer ana eve 5.00 USD g2 for the tea          => refused: the transfer id was already used
                                                       |  with other terms
        balance ana                                    => 15.00 USD
        balance ben                                    => 0.00 USD
        numbers ben USD                                => debits 0, 0 held
                                                       |  credits 0, 500 held
                                                       |  available 0
        gifts ben                                      => 5.00 USD "for the tea"
        accept g2 eve                                  => refused: there is no such transfer
        accept g2 ana                                  => refused: there is no such transfer
        take-back g2 ben                               => refused: there is no such transfer
        audit                                          => 3 accounts, 2 entries, 0 orders, balanced
        accept g2 ben                                  => accepted
        accept g2 ben                                  => accepted
        refuse g2 ben                                  => refused: the transfer is accepted
        take-back g2 ana                               => refused: the transfer is accepted
        balance ben                                    => 5.00 USD
        offer ana ben 4.00 USD g3                      => offered
        take-back g3 ana                               => canceled
        take-back g3 ana                               => canceled
        accept g3 ben                                  => refused: the transfer is canceled
        offer ana ben 4.00 USD g4                      => offered
        refuse g4 ben                                  => declined
        balance ana                                    => 15.00 USD
        offer ana ben 4.00 USD g5                      => offered
        wait 86399999ms                                => later
        return g5                                      => nothing to do
        wait 1ms                                       => later
        accept g5 ben                                  => refused: the transfer is returned
        gifts ben                                      => nothing
        return g5                                      => returned
        return g5                                      => nothing to do
        balance ana                                    => 15.00 USD
        offer ana ben 5.00 USD g2 for the tea          => accepted
        statement ana USD                              => +20.00 USD deposit bank
                                                       |  -5.00 USD gift ben "for the tea"
        statement ben USD                              => +5.00 USD gift ana "for the tea"
        audit                                          => 3 accounts, 9 entries, 0 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn an_app_pays_out_of_its_own_takings_within_its_budget() {
    check(expect![[r#"
        deposit ana 20.00 USD d1                       => e1
        open tea ana 10.00 USD cup                     => o1 pending
        pay o1 ana a1                                  => paid e2
        pay-out tea ben prize 6.00 USD 5.00_USD        => refused: the app may pay out at most 5.00
                                                       |  USD in one day
        pay-out tea ben prize 5.00 USD 5.00_EUR        => refused: the app may pay out at most 5.00
                                                       |  EUR in one day
        pay-out tea ben prize 3.00 USD 5.00_USD        => e3
        pay-out tea ben prize 3.00 USD 5.00_USD        => e3
        pay-out tea ben prize 2.00 USD 5.00_USD        => refused: the key was already used with
                                                       |  other contents
        pay-out tea eve prize 3.00 USD 5.00_USD        => refused: the key was already used with
                                                       |  other contents
        pay-out tea ben other 2.01 USD 5.00_USD        => refused: the app may pay out at most 5.00
                                                       |  USD in one day
        pay-out tea ben other 2.00 USD 5.00_USD        => e4
        wait 1d                                        => later
        pay-out tea ben more 5.01 USD 9.00_USD         => refused: the balance is too low
        # What was refused was not counted.
        pay-out tea ben more 5.00 USD 5.00_USD         => e5
        pay-out tea ben none 0.00 USD 5.00_USD         => refused: the amount must be more than zero
        balance tea                                    => 0.00 USD
        balance ben                                    => 10.00 USD
        statement ben USD                              => +3.00 USD pay-out tea
                                                       |  +2.00 USD pay-out tea
                                                       |  +5.00 USD pay-out tea
        audit                                          => 4 accounts, 5 entries, 1 order, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn takings_are_settled_to_the_merchant_when_they_are_old_enough() {
    check(expect![[r#"
        deposit ana 50.00 USD d1                       => e1
        open tea ana 10.00 USD old                     => o1 pending
        pay o1 ana a1                                  => paid e2
        wait 10d                                       => later
        open tea ana 5.00 USD young                    => o2 pending
        pay o2 ana a2                                  => paid e3
        ready tea USD 7d                               => 10.00 USD
        refund o1 tea r1 2.00 USD                      => paid e4, 2.00 USD refunded
        ready tea USD 7d                               => 8.00 USD
        ready tea USD 11d                              => 0.00 USD
        settle tea 13.01 USD s1                        => refused: the balance is too low
        settle tea 8.00 USD s2                         => e5
        settle tea 8.00 USD s2                         => e5
        ready tea USD 7d                               => 0.00 USD
        balance tea                                    => 5.00 USD
        balance mara                                   => 8.00 USD
        refund o1 tea r2 6.00 USD                      => refused: the balance is too low
        recall tea 1.00 USD b1                         => e6
        refund o1 tea r3 6.00 USD                      => paid e7, 8.00 USD refunded
        balance tea                                    => 0.00 USD
        balance mara                                   => 7.00 USD
        recall tea 7.01 USD b2                         => refused: the balance is too low
        audit                                          => 4 accounts, 7 entries, 2 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn nothing_goes_out_of_a_frozen_account_and_nothing_moves_on_a_closed_one() {
    check(expect![[r#"
        freeze ana USD too early                       => refused: there is no such account
        deposit ana 10.00 USD d1                       => e1
        open tea ana 4.00 USD held authorize=only      => o1 pending
        pay o1 ana a1                                  => authorized e2
        open tea ana 2.00 USD cup                      => o2 pending
        freeze ana USD stolen phone                    => frozen
        freeze ana USD again                           => frozen
        pay o2 ana a2                                  => refused: the account is frozen
        offer ana ben 1.00 USD g1                      => refused: the account is frozen
        # What was approved before is not undone, and money still comes in.
        capture o1 tea 3.00 USD                        => paid e3
        deposit ana 1.00 USD d2                        => e4
        close ana USD as she asked                     => refused: there is still money in the
                                                       |  account, or on its way to or from it
        thaw ana USD phone found                       => open
        pay o2 ana a3                                  => paid e5
        offer ana ben 6.00 USD g2                      => offered
        close ana USD as she asked                     => refused: there is still money in the
                                                       |  account, or on its way to or from it
        accept g2 ben                                  => accepted
        balance ana                                    => 0.00 USD
        close ana USD as she asked                     => closed
        deposit ana 1.00 USD d3                        => refused: the account is closed
        refund o1 tea r1 1.00 USD                      => refused: the account is closed
        thaw ana USD after all                         => refused: the account is closed
        deposit ana 100 JPY d4                         => e6
        standings ana USD                              => frozen "stolen phone"
                                                       |  open "phone found"
                                                       |  closed "as she asked"
        audit                                          => 6 accounts, 8 entries, 2 orders, balanced
    "#]])
    .await;
}

#[tokio::test]
async fn a_refused_id_stays_refused() {
    check(expect![[r#"
        open tea ana 5.00 USD cup                      => o1 pending
        open tea ana 5.00 USD other                    => o2 pending
        try o1 ana a1                                  => refused: the balance is too low
        deposit ana 20.00 USD d1                       => e1
        # There is money now; the try under this id was refused, and stays so.
        try o1 ana a1                                  => refused: the balance is too low
        pay o1 ana a1                                  => refused: the balance is too low
        wait 3650d                                     => later
        try o1 ana a1                                  => refused: the balance is too low
        try o2 ana a1                                  => refused: the transfer id was already used
                                                       |  with other terms
        deposit ana 5.00 USD a1                        => refused: the transfer id was already used
                                                       |  with other terms
        offer ana ben 1.00 USD a1                      => refused: the transfer id was already used
                                                       |  with other terms
        open tea ana 5.00 USD late                     => o3 pending
        try o3 ana a2                                  => paid e2
        try o3 ana a2                                  => paid e2
        try o3 ana a3                                  => refused: the order is paid
        try o3 ana a2                                  => paid e2
        balance ana                                    => 15.00 USD
        audit                                          => 3 accounts, 2 entries, 3 orders, balanced
    "#]])
    .await;
}
