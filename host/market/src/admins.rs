//! A group's admins: appointed and dismissed by each other, in front of everybody.

use souk_chat::admin;
use souk_chat::message::{self, Author, Content};
use souk_core::{ChatId, UserId};
use souk_identity::account;
use souk_store::{Owner, Txn};

use crate::{Call, Market, MarketError, people};

impl Market {
    /// Makes a member of a group an admin, or an admin a member like the others. Everyone in the
    /// group is told.
    ///
    /// # Errors
    /// A group the caller is not in, or is no admin of; an unknown handle, or somebody who is not
    /// in the group; the last admin, who is to appoint another first.
    pub async fn set_admin(
        &self,
        call: &Call,
        chat: ChatId,
        handle: &str,
        on: bool,
    ) -> Result<(), MarketError> {
        let work = |txn: Txn| async move {
            let set = async {
                // First: who is no admin here does not learn which handles there are.
                admin::check(&txn, chat, call.by).await?;
                let user = people::find(&txn, handle).await?.user;
                let changed = if on {
                    admin::appoint(&txn, call.by, chat, user).await?
                } else {
                    admin::dismiss(&txn, call.by, chat, user).await?
                };
                if changed {
                    announce(&txn, call.by, chat, user, on).await?;
                }
                Ok(())
            };
            call.once(&txn, set).await
        };
        self.store().transact(work).await
    }
}

/// Tells everyone in a group who decides from now on, or no more.
async fn announce(
    txn: &Txn,
    by: UserId,
    chat: ChatId,
    user: UserId,
    on: bool,
) -> Result<(), MarketError> {
    let by_name = account::name(txn, by).await?.unwrap_or_default();
    let name = account::name(txn, user).await?.unwrap_or_default();
    let text = if on {
        format!("{by_name} made {name} an admin of this group.")
    } else {
        format!("{name} is no admin of this group any more.")
    };
    let owner = Owner::PersonInChat(by, chat);
    let content = Content::from(text.as_str());
    message::post(txn, chat, &Author::Host, &content, &owner).await?;
    Ok(())
}
