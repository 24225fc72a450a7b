//! What the operator decides about money, as flags of `souk serve`.

use souk_core::Money;
use souk_core::limits::{
    AUTHORIZATION_MS_MAX, CHAIN_BLOCK_MS_DEFAULT, SETTLEMENT_WAITS_MS_DEFAULT,
};
use souk_ledger::Policy;
use souk_ledger::policy::{Caps, Fee, Limits};
use souk_market::{Rails, SimulatedBank, SimulatedChain};

/// The rails that are simulated, for development.
#[derive(clap::Args)]
#[command(next_help_heading = "Development")]
pub(super) struct RailArgs {
    /// Let people deposit money from nowhere, and take it out to nowhere, for development
    #[arg(long, env = "SOUK_SIMULATED_BANK")]
    simulated_bank: bool,
    /// How long each step of the simulated bank takes, in milliseconds; at 0 a deposit counts at
    /// once
    #[arg(
        long,
        env = "SOUK_SIMULATED_BANK_DELAY",
        default_value_t = 0,
        value_name = "MS"
    )]
    simulated_bank_delay: u64,
    /// Let people receive and send registered assets on a chain that only this host mines, for
    /// development
    #[arg(long, env = "SOUK_SIMULATED_CHAIN")]
    simulated_chain: bool,
    /// How long a block of the simulated chain takes, in milliseconds
    #[arg(
        long,
        env = "SOUK_SIMULATED_CHAIN_BLOCK",
        default_value_t = CHAIN_BLOCK_MS_DEFAULT,
        value_parser = clap::value_parser!(u64).range(1..),
        value_name = "MS"
    )]
    simulated_chain_block: u64,
}

/// Fees, limits and settlement. Amounts are said per currency, with commas between them, like
/// "100.00 USD,90.00 EUR"; a currency that is not named has no limit.
#[derive(clap::Args)]
#[command(next_help_heading = "Money")]
pub(super) struct MoneyArgs {
    /// Fee an app pays for being paid, in hundredths of a percent
    #[arg(
        long,
        env = "SOUK_FEE_BASIS_POINTS",
        default_value_t = 0,
        value_parser = clap::value_parser!(u32).range(..=10_000),
        value_name = "NUMBER"
    )]
    fee_basis_points: u32,
    /// Fixed part of the fee, on top, like "0.30 USD"
    #[arg(
        long,
        env = "SOUK_FEE_FIXED",
        value_delimiter = ',',
        value_name = "AMOUNTS"
    )]
    fee_fixed: Vec<Money>,
    /// Most that one order, or one transfer between people, may come to
    #[arg(
        long,
        env = "SOUK_LIMIT_ORDER",
        value_delimiter = ',',
        value_name = "AMOUNTS"
    )]
    limit_order: Vec<Money>,
    /// Most that one person may spend on one day of UTC
    #[arg(
        long,
        env = "SOUK_LIMIT_DAY",
        value_delimiter = ',',
        value_name = "AMOUNTS"
    )]
    limit_day: Vec<Money>,
    /// Most that one person may spend at one app on one day of UTC
    #[arg(
        long,
        env = "SOUK_LIMIT_APP",
        value_delimiter = ',',
        value_name = "AMOUNTS"
    )]
    limit_app: Vec<Money>,
    /// Most that one person's wallet may hold, what is on its way to it included
    #[arg(
        long,
        env = "SOUK_LIMIT_BALANCE",
        value_delimiter = ',',
        value_name = "AMOUNTS"
    )]
    limit_balance: Vec<Money>,
    /// How long money that an app had set aside waits to be taken before it goes back, in
    /// milliseconds
    #[arg(
        long,
        env = "SOUK_AUTHORIZATION",
        default_value_t = AUTHORIZATION_MS_MAX,
        value_parser = clap::value_parser!(u64).range(1_000..=AUTHORIZATION_MS_MAX),
        value_name = "MS"
    )]
    authorization: u64,
    /// How long an app's takings wait for refunds before they are its merchant's, in milliseconds
    #[arg(
        long,
        env = "SOUK_SETTLE_AFTER",
        default_value_t = SETTLEMENT_WAITS_MS_DEFAULT,
        value_name = "MS"
    )]
    pub(super) settle_after: u64,
}

impl RailArgs {
    /// How money comes in from outside.
    pub(super) fn rails(&self) -> Rails {
        let bank = SimulatedBank {
            delay_ms: self.simulated_bank_delay,
        };
        let chain = SimulatedChain {
            block_ms: self.simulated_chain_block,
        };
        Rails {
            bank: self.simulated_bank.then_some(bank),
            chain: self.simulated_chain.then_some(chain),
        }
    }
}

impl MoneyArgs {
    /// The host's fee, and how much money may move.
    pub(super) fn policy(&self) -> Policy {
        let caps = |amounts: &[Money]| Caps(amounts.to_vec());
        Policy {
            fee: Fee {
                basis_points: self.fee_basis_points,
                fixed: caps(&self.fee_fixed),
            },
            limits: Limits {
                order: caps(&self.limit_order),
                day: caps(&self.limit_day),
                app: caps(&self.limit_app),
                balance: caps(&self.limit_balance),
            },
            authorization_ms: self.authorization,
        }
    }
}
