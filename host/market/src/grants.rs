//! What apps may do with a person: the page on which they see it and change it.

use std::collections::BTreeMap;

use souk_chat::{listener, push};
use souk_core::limits::{PAGE_ENTRIES_MAX, USED_LAST_ENTRIES};
use souk_core::manifest::{Manifest, Permission};
use souk_core::{Answer, AppId, ChatId, Consents, Money, Origin, Stance, Timestamp, UserId};
use souk_identity::{Budget, budget, consent};
use souk_registry::app;
use souk_registry::grant::{self, Grant, Grants};
use souk_registry::matter::{By, row};
use souk_store::{Page, Txn};

use crate::record::{AuditLine, audit_log};
use crate::{Call, Market, MarketError};

/// What one app may do with a person.
#[derive(Clone, Debug)]
pub struct AppGrants {
    /// The app.
    pub app: AppId,
    /// What it calls itself.
    pub name: String,
    /// What it asks for, matter by matter.
    pub matters: Vec<MatterView>,
    /// The most the person wants to spend there.
    pub budget: Option<Budget>,
    /// When it last ran for them, as far back as that is looked for.
    pub ran_last: Option<Timestamp>,
}

/// One matter, and how it stands.
#[derive(Clone, Debug)]
pub struct MatterView {
    /// What the app asks for.
    pub matter: Permission,
    /// Why, in its words.
    pub reason: String,
    /// Who decides.
    pub by: By,
    /// How it stands.
    pub grant: Grant<Permission>,
    /// When the person said so, if they did.
    pub said: Option<Timestamp>,
    /// The person's groups whose admins let it, where it is for them to decide.
    pub groups: Vec<ChatId>,
    /// When the app last used it for them, as far back as that is looked for.
    pub used_last: Option<Timestamp>,
}

/// What a person says to a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saying {
    /// Yes, as much as the app asks for.
    Allow,
    /// Yes, but no more than this in one order, and nobody asks for more.
    AtMost(Money),
    /// Yes, but only to these origins, and nobody asks for more.
    Only(Vec<Origin>),
    /// What they said before does not count any more: the app has to ask.
    Revoke,
    /// No, and nobody asks again.
    Refuse,
}

impl Market {
    /// Returns every app a person has opened, said something to or set a budget at, with what it
    /// may do.
    ///
    /// # Errors
    /// The store's.
    pub async fn grants(&self, user: UserId) -> Result<Vec<AppGrants>, MarketError> {
        let read = |txn: Txn| async move {
            let used = used_last(&txn, user).await?;
            let mut said: BTreeMap<_, _> = consent::list(&txn, user).await?.into_iter().collect();
            for app in budget::list(&txn, user).await? {
                said.entry(app).or_default();
            }
            let mut apps = Vec::new();
            for (app, consents) in said {
                let view = self.app_grants(&txn, user, &app, &consents, &used).await?;
                apps.extend(view);
            }
            Ok(apps)
        };
        self.store().view(read).await
    }

    /// Returns what one app may do with a person.
    ///
    /// # Errors
    /// [`MarketError::UnknownApp`].
    pub async fn grants_of(&self, user: UserId, of: &AppId) -> Result<AppGrants, MarketError> {
        let read = |txn: Txn| async move {
            let used = used_last(&txn, user).await?;
            let consents = consent::of(&txn, user, of).await?;
            let view = self.app_grants(&txn, user, of, &consents, &used).await?;
            view.ok_or_else(|| MarketError::UnknownApp(of.clone()))
        };
        self.store().view(read).await
    }

    /// Takes what a person says to a matter. A run that has not committed runs again with it.
    ///
    /// # Errors
    /// [`MarketError::UnknownApp`], [`MarketError::UnknownMatter`] for what the app does not ask
    /// for, [`MarketError::NotTheirs`] for what others decide, [`MarketError::NotNarrower`].
    pub async fn say_to(
        &self,
        call: &Call,
        of: &AppId,
        matter: &str,
        saying: &Saying,
    ) -> Result<(), MarketError> {
        let work = |txn: Txn| async move {
            let say = async {
                let manifest = manifest(&txn, of).await?;
                let asked = asked(&manifest, matter)?;
                match stance(&asked, saying, txn.now())? {
                    Some(stance) => consent::say(&txn, call.by, of, stance).await?,
                    None => consent::revoke(&txn, call.by, of, &asked).await?,
                }
                if asked == Permission::MessagingPush && *saying != Saying::Allow {
                    push::take_back(&txn, call.by, of).await?;
                }
                Ok(())
            };
            call.once(&txn, say).await
        };
        self.store().transact(work).await
    }

    /// Sets the most a person wants to spend at an app, in the place of what they said before.
    ///
    /// # Errors
    /// [`MarketError::UnknownApp`]; what identity refuses of a budget.
    pub async fn set_budget(
        &self,
        call: &Call,
        of: &AppId,
        wanted: &Budget,
    ) -> Result<(), MarketError> {
        let work = |txn: Txn| async move {
            let set = async {
                manifest(&txn, of).await?;
                let since = txn.now();
                let wanted = Budget {
                    since,
                    ..wanted.clone()
                };
                Ok(budget::set(&txn, call.by, of, wanted).await?)
            };
            call.once(&txn, set).await
        };
        self.store().transact(work).await
    }

    /// What an app may do at present, for a person or for nobody; nothing when there is none.
    pub(crate) async fn grants_now(
        &self,
        txn: &Txn,
        of: &AppId,
        user: Option<UserId>,
    ) -> Result<Grants, MarketError> {
        let Some(live) = app::live(txn, of).await? else {
            return Ok(Grants::default());
        };
        let manifest = app::manifest(txn, &live).await?;
        let consents = match user {
            Some(user) => Some(consent::of(txn, user, of).await?),
            None => None,
        };
        let policy = self.0.config.policies.of(of);
        Ok(grant::of(&manifest, policy, consents.as_ref()))
    }

    async fn app_grants(
        &self,
        txn: &Txn,
        user: UserId,
        of: &AppId,
        consents: &Consents,
        used: &UsedLast,
    ) -> Result<Option<AppGrants>, MarketError> {
        let Some(live) = app::live(txn, of).await? else {
            return Ok(None);
        };
        let manifest = app::manifest(txn, &live).await?;
        let policy = self.0.config.policies.of(of);
        let mut matters = Vec::new();
        for (matter, reason) in manifest.matters() {
            let by = row(&matter).by;
            let mut grant = grant::decide(&matter, policy, Some(consents));
            let mut groups = Vec::new();
            if by == By::Admins && grant.granted().is_some() {
                groups = listener::around(txn, user, of).await?;
                // Allowed on this host is not yet let in a group.
                if groups.is_empty() {
                    grant = Grant::Denied;
                }
            }
            matters.push(MatterView {
                by,
                grant,
                groups,
                said: consents.on(&matter).map(|stance| stance.at),
                used_last: used.of(of, matter.name()),
                reason: reason.to_owned(),
                matter,
            });
        }
        Ok(Some(AppGrants {
            app: of.clone(),
            matters,
            budget: budget::of(txn, user, of).await?,
            ran_last: used.of(of, RAN),
            name: manifest.name,
        }))
    }
}

async fn manifest(txn: &Txn, of: &AppId) -> Result<Manifest, MarketError> {
    let live = app::live(txn, of).await?;
    let live = live.ok_or_else(|| MarketError::UnknownApp(of.clone()))?;
    Ok(app::manifest(txn, &live).await?)
}

/// What an app asks for under this name, if that is for people to decide.
fn asked(manifest: &Manifest, matter: &str) -> Result<Permission, MarketError> {
    let mut matters = manifest.matters().map(|(asked, _)| asked);
    let asked = matters.find(|asked| asked.matter() == matter);
    let unknown = || MarketError::UnknownMatter(matter.chars().take(40).collect());
    let asked = asked.ok_or_else(unknown)?;
    if row(&asked).by.is_person() {
        Ok(asked)
    } else {
        Err(MarketError::NotTheirs(asked.name()))
    }
}

/// What is remembered of a saying; `None`: nothing.
fn stance(
    asked: &Permission,
    saying: &Saying,
    at: Timestamp,
) -> Result<Option<Stance>, MarketError> {
    let (matter, answer) = match saying {
        Saying::Allow => (asked.clone(), Answer::Granted),
        Saying::AtMost(max_amount) => (at_most(asked, *max_amount)?, Answer::AtMost),
        Saying::Only(origins) => (only(asked, origins)?, Answer::AtMost),
        Saying::Revoke => return Ok(None),
        Saying::Refuse => (asked.clone(), Answer::Refused),
    };
    Ok(Some(Stance { matter, answer, at }))
}

fn at_most(asked: &Permission, max_amount: Money) -> Result<Permission, MarketError> {
    let most = Permission::WalletRequest { max_amount };
    let within = asked.within(&most).filter(|_| !max_amount.is_zero());
    within.ok_or(MarketError::NotNarrower)
}

fn only(asked: &Permission, origins: &[Origin]) -> Result<Permission, MarketError> {
    let Permission::Http { reach } = asked else {
        return Err(MarketError::NotNarrower);
    };
    let kept = reach.iter().filter(|it| origins.contains(&it.origin));
    let reach: Vec<_> = kept.cloned().collect();
    if origins.is_empty() || reach.len() < origins.len() {
        return Err(MarketError::NotNarrower);
    }
    Ok(Permission::Http { reach })
}

/// Stands for any run, among the names of permissions.
const RAN: &str = "";

/// When each app last used each permission for a person.
struct UsedLast(BTreeMap<AppId, BTreeMap<String, Timestamp>>);

impl UsedLast {
    fn of(&self, app: &AppId, permission: &str) -> Option<Timestamp> {
        self.0.get(app)?.get(permission).copied()
    }

    /// Notes a line; later ones come first.
    fn note(&mut self, line: &AuditLine) {
        let of = self.0.entry(line.app.clone()).or_default();
        of.entry(RAN.to_owned()).or_insert(line.at);
        for used in line.uses.iter().filter(|used| used.denied < used.count) {
            of.entry(used.permission.to_string()).or_insert(line.at);
        }
    }
}

/// Reads the latest of a person's audit lines.
async fn used_last(txn: &Txn, user: UserId) -> Result<UsedLast, MarketError> {
    let mut used = UsedLast(BTreeMap::new());
    let (mut read, mut last) = (0, None);
    while read < USED_LAST_ENTRIES {
        let page = Page::last(PAGE_ENTRIES_MAX).after(last);
        let lines = txn.entries::<AuditLine>(&audit_log(user), page).await?;
        for (_, line) in &lines {
            used.note(line);
        }
        last = lines.last().map(|(place, _)| *place);
        read += lines.len();
        if lines.len() < PAGE_ENTRIES_MAX || last == Some(0) {
            break;
        }
    }
    Ok(used)
}
