//! Links of mini-apps.

use serde::{Deserialize, Serialize};
use souk_events::StartParameter;
use souk_market::LinkView;

use super::chats::Chat;

/// Where a link leads.
#[derive(Debug, Serialize, Deserialize)]
pub struct Link {
    /// What its app calls itself.
    pub app_name: String,
    /// What following it types, without the slash.
    pub command: String,
    /// Where.
    pub chat: Chat,
}

impl From<LinkView> for Link {
    fn from(view: LinkView) -> Self {
        Self {
            app_name: view.app_name,
            command: view.command,
            chat: view.chat.into(),
        }
    }
}

/// A link to be followed.
#[derive(Debug, Serialize, Deserialize)]
pub struct StartAsk {
    /// What stands last in it. May be empty.
    pub start_parameter: StartParameter,
}
