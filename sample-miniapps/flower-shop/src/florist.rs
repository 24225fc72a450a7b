//! Who dispatches. An app does not know who owns it, so the florist is who first puts the apron on.

use souk_sdk::prelude::*;
use souk_sdk::storage::If;

const FLORIST: &str = "florist";

/// Somebody puts the apron on. Two who reach for it at once do not both get it: the write holds
/// only if nobody has it yet.
pub fn begin() -> Result {
    let me = User::current()?.id();
    match Bucket::chat()?.put_if(FLORIST, &me, If::Absent) {
        Err(Denied::Conflict { .. }) => Err(Failure::rejected("The apron is taken.")),
        written => {
            written?;
            Chat::current()?
                .post("The florist of this chat is here. /flowers shows what there is.")?;
            Ok(())
        }
    }
}

/// Lets nobody pass but the florist.
pub fn only() -> Result {
    let florist: Option<UserId> = Bucket::chat()?.get(FLORIST)?;
    if florist == Some(User::current()?.id()) {
        Ok(())
    } else {
        Err(Failure::rejected(
            "Only the florist of this chat does that. Nobody is yet? Type /florist.",
        ))
    }
}
