//! What host calls take, and whether a run has it: the table from needs to grants.

use std::collections::BTreeMap;

use souk_core::Claim;
use souk_registry::grant::{Grant, Grants};

/// What a call takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs<'a> {
    /// Nothing: any app may.
    Nothing,
    /// `messaging.post`.
    MessagingPost,
    /// `messaging.push`.
    MessagingPush,
    /// `identity.profile` with all claims of these names.
    Profile(&'a [String]),
    /// `identity.merchant-id`.
    MerchantId,
    /// That the app has to do with money at all, whatever the person says: `wallet.request` or
    /// `wallet.pay-out`.
    Wallet,
    /// `wallet.request`.
    WalletRequest,
    /// `wallet.pay-out`.
    WalletPayOut,
    /// `storage.app`.
    StorageApp,
    /// `storage.chat`.
    StorageChat,
    /// `storage.user`.
    StorageUser,
    /// `config`.
    Config,
    /// `schedule`.
    Schedule,
    /// `http`, to wherever.
    Http,
}

/// Why a call may not pass. In order: a call that lacks several things hears the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// It was not asked for, or is not allowed here.
    Grant,
    /// The person said no.
    Yes,
    /// The person has not been asked about these matters.
    Answer(Vec<String>),
}

impl Needs<'_> {
    /// The permission that is used, as a manifest writes it.
    const fn permission(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::MessagingPost => "messaging.post",
            Self::MessagingPush => "messaging.push",
            Self::Profile(_) => "identity.profile",
            Self::MerchantId => "identity.merchant-id",
            Self::Wallet | Self::WalletRequest => "wallet.request",
            Self::WalletPayOut => "wallet.pay-out",
            Self::StorageApp => "storage.app",
            Self::StorageChat => "storage.chat",
            Self::StorageUser => "storage.user",
            Self::Config => "config",
            Self::Schedule => "schedule",
            Self::Http => "http",
        }
    }

    /// The permission that is used of these grants.
    pub(crate) fn used_of(self, grants: &Grants) -> &'static str {
        match self {
            Self::Wallet if only_pays_out(grants) => Self::WalletPayOut.permission(),
            needs => needs.permission(),
        }
    }

    /// Tells whether grants are enough.
    ///
    /// # Errors
    /// What is lacking first.
    pub(crate) fn met_by(self, grants: &Grants) -> Result<(), Lack> {
        match self {
            Self::Nothing => Ok(()),
            Self::MessagingPost => self.met(&grants.messaging_post),
            Self::MessagingPush => self.met(&grants.messaging_push),
            Self::MerchantId => self.met(&grants.merchant_id),
            Self::Profile(names) => all_met(names, &grants.profile_claims),
            Self::Wallet if grants.wallet_request.is_allowed() || only_pays_out(grants) => Ok(()),
            Self::Wallet => Err(Lack::Grant),
            Self::WalletRequest => self.met(&grants.wallet_request),
            Self::WalletPayOut => self.met(&grants.wallet_pay_out),
            Self::StorageApp => self.met(&grants.storage_app),
            Self::StorageChat => self.met(&grants.storage_chat),
            Self::StorageUser => self.met(&grants.storage_user),
            Self::Config => self.met(&grants.config),
            Self::Schedule => self.met(&grants.schedule),
            Self::Http => self.met(&grants.http),
        }
    }

    fn met<T>(self, grant: &Grant<T>) -> Result<(), Lack> {
        match grant {
            Grant::Granted(_) => Ok(()),
            Grant::Denied => Err(Lack::Grant),
            Grant::Refused => Err(Lack::Yes),
            Grant::Unasked => Err(Lack::Answer(vec![self.permission().to_owned()])),
        }
    }
}

/// Whether an app never asks for money and may pay it out.
fn only_pays_out(grants: &Grants) -> bool {
    !grants.wallet_request.is_allowed() && grants.wallet_pay_out.is_allowed()
}

/// All claims of these names, at least one of which the app must have asked for at all.
fn all_met(names: &[String], grants: &BTreeMap<Claim, Grant<()>>) -> Result<(), Lack> {
    let of = |name: &String| grants.iter().find(|(claim, _)| claim.name() == name);
    let found: Option<Vec<_>> = names.iter().map(of).collect();
    let found = found.filter(|_| grants.values().any(Grant::is_allowed));
    let found = found.ok_or(Lack::Grant)?;
    let lacking = |wanted: Grant<()>| found.iter().filter(move |(_, grant)| **grant == wanted);
    if lacking(Grant::Denied).next().is_some() {
        return Err(Lack::Grant);
    }
    if lacking(Grant::Refused).next().is_some() {
        return Err(Lack::Yes);
    }
    let matter = |(claim, _): &(&Claim, _)| format!("identity.profile:{claim}");
    let unasked: Vec<_> = lacking(Grant::Unasked).map(matter).collect();
    if unasked.is_empty() {
        Ok(())
    } else {
        Err(Lack::Answer(unasked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::everything;

    #[test]
    fn each_need_asks_for_its_own_grant() {
        let name = ["name".to_owned()];
        let (both, none) = (["name".to_owned(), "email".to_owned()], []);
        let all = everything();
        let without = |take: fn(&mut Grants)| {
            let mut grants = everything();
            take(&mut grants);
            grants
        };
        for (needs, lacking) in [
            (
                Needs::MessagingPost,
                without(|it| it.messaging_post = Grant::Denied),
            ),
            (
                Needs::MessagingPush,
                without(|it| it.messaging_push = Grant::Denied),
            ),
            (
                Needs::MerchantId,
                without(|it| it.merchant_id = Grant::Denied),
            ),
            (
                Needs::Profile(&name),
                without(|it| it.profile_claims.clear()),
            ),
            (
                Needs::Profile(&none),
                without(|it| it.profile_claims.clear()),
            ),
            (
                Needs::Wallet,
                without(|it| {
                    it.wallet_request = Grant::Denied;
                    it.wallet_pay_out = Grant::Denied;
                }),
            ),
            (
                Needs::WalletRequest,
                without(|it| it.wallet_request = Grant::Denied),
            ),
            (
                Needs::WalletPayOut,
                without(|it| it.wallet_pay_out = Grant::Denied),
            ),
            (
                Needs::StorageApp,
                without(|it| it.storage_app = Grant::Denied),
            ),
            (
                Needs::StorageChat,
                without(|it| it.storage_chat = Grant::Denied),
            ),
            (
                Needs::StorageUser,
                without(|it| it.storage_user = Grant::Denied),
            ),
            (Needs::Config, without(|it| it.config = Grant::Denied)),
            (Needs::Schedule, without(|it| it.schedule = Grant::Denied)),
            (Needs::Http, without(|it| it.http = Grant::Denied)),
        ] {
            assert_eq!(needs.met_by(&all), Ok(()), "{needs:?}");
            assert_eq!(needs.met_by(&lacking), Err(Lack::Grant), "{needs:?}");
            let nothing = needs.met_by(&Grants::default());
            assert_eq!(nothing, Err(Lack::Grant), "{needs:?}");
        }
        assert_eq!(Needs::Profile(&both).met_by(&all), Err(Lack::Grant));
        assert_eq!(Needs::Nothing.met_by(&Grants::default()), Ok(()));
    }

    #[test]
    fn either_permission_opens_the_apps_own_wallet() {
        let granted = |is: bool, amount: &str| {
            let granted = || Grant::Granted(amount.parse().unwrap());
            if is { granted() } else { Grant::Denied }
        };
        let wallet = [Needs::Wallet, Needs::WalletRequest, Needs::WalletPayOut];
        for (request, pay_out, passes, used) in [
            (true, true, [true, true, true], "wallet.request"),
            (true, false, [true, true, false], "wallet.request"),
            (false, true, [true, false, true], "wallet.pay-out"),
            (false, false, [false, false, false], "wallet.request"),
        ] {
            let grants = Grants {
                wallet_request: granted(request, "50.00 USD"),
                wallet_pay_out: granted(pay_out, "2.00 USD"),
                ..Grants::default()
            };
            let met = wallet.map(|needs| needs.met_by(&grants).is_ok());
            assert_eq!(met, passes, "request {request}, pay-out {pay_out}");
            assert_eq!(Needs::Wallet.used_of(&grants), used);
        }
    }

    #[test]
    fn what_was_refused_or_never_asked_is_told_apart() {
        let name = ["name".to_owned()];
        let with = |schedule, claim| {
            let mut grants = everything();
            grants.schedule = schedule;
            grants.wallet_request = Grant::Refused;
            grants.profile_claims.insert(Claim::Name, claim);
            grants
        };
        let refused = with(Grant::Refused, Grant::Refused);
        let unasked = with(Grant::Unasked, Grant::Unasked);
        for (needs, matter) in [
            (Needs::Schedule, "schedule"),
            (Needs::Profile(&name), "identity.profile:name"),
        ] {
            assert_eq!(needs.met_by(&refused), Err(Lack::Yes), "{needs:?}");
            let ask = Err(Lack::Answer(vec![matter.to_owned()]));
            assert_eq!(needs.met_by(&unasked), ask, "{needs:?}");
        }
        assert_eq!(Needs::WalletRequest.met_by(&refused), Err(Lack::Yes));
        assert_eq!(Needs::Wallet.met_by(&refused), Ok(()), "money goes back");
    }
}
