//! Who decides on what an app asks for, and the words that people read of it.
//!
//! This file is the table: one row for each permission. `host/docs/grants.md` prints it, and a test
//! keeps the two the same.

use souk_core::manifest::Permission;

/// Who decides, beside the operator, who may always allow less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The person, by opening the app, until they say otherwise.
    Opening,
    /// The person, who is asked when the app needs it first.
    Asking,
    /// The admins of each group, for their group.
    Admins,
    /// The operator alone.
    Operator,
    /// The app's merchant, whose own it is.
    Merchant,
}

/// One permission, and what there is to know about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The name a manifest writes.
    pub name: &'static str,
    /// The field of the manifest that says how much, or where to; empty when there is none.
    pub extent: &'static str,
    /// Who decides.
    pub by: By,
    /// Whether nobody has it until the operator says how much: it lets money out.
    pub is_closed: bool,
    /// What people read; how much, or where to, in the place of `{}`.
    pub words: &'static str,
}

// WHEN ADDING A PERMISSION: a row, its place in `TABLE` and in `row`.
const MESSAGING_POST: Row = Row {
    name: "messaging.post",
    extent: "",
    by: By::Opening,
    is_closed: false,
    words: "Write in the chats you open it in",
};
const MESSAGING_PUSH: Row = Row {
    name: "messaging.push",
    extent: "",
    by: By::Opening,
    is_closed: false,
    words: "Write to you, or there, up to ten times in the 30 days after you used it",
};
const MESSAGING_LISTEN: Row = Row {
    name: "messaging.listen",
    extent: "",
    by: By::Admins,
    is_closed: false,
    words: "Hear what is said in groups whose admins let it",
};
const IDENTITY_PROFILE: Row = Row {
    name: "identity.profile",
    extent: "claims",
    by: By::Asking,
    is_closed: false,
    words: "Know your {}",
};
const IDENTITY_MERCHANT_ID: Row = Row {
    name: "identity.merchant-id",
    extent: "",
    by: By::Opening,
    is_closed: false,
    words: "Know you as the same person in all apps of its merchant",
};
const WALLET_REQUEST: Row = Row {
    name: "wallet.request",
    extent: "max_amount",
    by: By::Opening,
    is_closed: false,
    words: "Ask you for payments of at most {} each; you approve every one of them",
};
const WALLET_PAY_OUT: Row = Row {
    name: "wallet.pay-out",
    extent: "max_amount",
    by: By::Operator,
    is_closed: true,
    words: "Pay people out of its takings, at most {} a day",
};
const STORAGE_APP: Row = Row {
    name: "storage.app",
    extent: "",
    by: By::Operator,
    is_closed: false,
    words: "Keep data for everybody who uses it",
};
const STORAGE_CHAT: Row = Row {
    name: "storage.chat",
    extent: "",
    by: By::Opening,
    is_closed: false,
    words: "Keep data of the chats you open it in",
};
const STORAGE_USER: Row = Row {
    name: "storage.user",
    extent: "",
    by: By::Opening,
    is_closed: false,
    words: "Keep data about you",
};
const CONFIG: Row = Row {
    name: "config",
    extent: "",
    by: By::Merchant,
    is_closed: false,
    words: "Read what its merchant set",
};
const SCHEDULE: Row = Row {
    name: "schedule",
    extent: "",
    by: By::Opening,
    is_closed: false,
    words: "Set itself reminders",
};
const HTTP: Row = Row {
    name: "http",
    extent: "origins",
    by: By::Opening,
    is_closed: false,
    words: "Exchange data with {}",
};

/// Every permission there is.
pub static TABLE: [Row; 13] = [
    MESSAGING_POST,
    MESSAGING_PUSH,
    MESSAGING_LISTEN,
    IDENTITY_PROFILE,
    IDENTITY_MERCHANT_ID,
    WALLET_REQUEST,
    WALLET_PAY_OUT,
    STORAGE_APP,
    STORAGE_CHAT,
    STORAGE_USER,
    CONFIG,
    SCHEDULE,
    HTTP,
];

/// Returns the row of a permission.
pub const fn row(permission: &Permission) -> Row {
    match permission {
        Permission::MessagingPost => MESSAGING_POST,
        Permission::MessagingPush => MESSAGING_PUSH,
        Permission::MessagingListen => MESSAGING_LISTEN,
        Permission::IdentityMerchantId => IDENTITY_MERCHANT_ID,
        Permission::IdentityProfile { .. } => IDENTITY_PROFILE,
        Permission::WalletRequest { .. } => WALLET_REQUEST,
        Permission::WalletPayOut { .. } => WALLET_PAY_OUT,
        Permission::StorageApp => STORAGE_APP,
        Permission::StorageChat => STORAGE_CHAT,
        Permission::StorageUser => STORAGE_USER,
        Permission::Config => CONFIG,
        Permission::Schedule => SCHEDULE,
        Permission::Http { .. } => HTTP,
    }
}

/// Returns the row of the permission of this name.
pub fn named(name: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.name == name)
}

/// Returns what people read of a permission with its extent.
pub fn words(permission: &Permission) -> String {
    row(permission).words.replace("{}", &extent(permission))
}

/// How much, or where to, as people read it.
fn extent(permission: &Permission) -> String {
    match permission {
        Permission::IdentityProfile { claims } => {
            listed(claims.iter().map(ToString::to_string).collect())
        }
        Permission::WalletRequest { max_amount } | Permission::WalletPayOut { max_amount } => {
            max_amount.to_string()
        }
        Permission::Http { reach } => {
            listed(reach.iter().map(|it| it.origin.to_string()).collect())
        }
        Permission::MessagingPost
        | Permission::MessagingPush
        | Permission::MessagingListen
        | Permission::IdentityMerchantId
        | Permission::StorageApp
        | Permission::StorageChat
        | Permission::StorageUser
        | Permission::Config
        | Permission::Schedule => String::new(),
    }
}

/// `a`, `a and b`, `a, b and c`.
fn listed(mut items: Vec<String>) -> String {
    match (items.pop(), items.is_empty()) {
        (Some(last), false) => format!("{} and {last}", items.join(", ")),
        (last, _) => last.unwrap_or_default(),
    }
}

impl By {
    /// Returns the word programs read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Asking => "asking",
            Self::Admins => "admins",
            Self::Operator => "operator",
            Self::Merchant => "merchant",
        }
    }

    /// Returns whether the person has a say.
    pub const fn is_person(self) -> bool {
        matches!(self, Self::Opening | Self::Asking)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;
    use souk_core::Reach;

    use super::*;

    /// The page for people and merchants, with the table in its place.
    #[test]
    fn the_page_prints_the_table() {
        let decides = |by| match by {
            By::Opening => "you, by opening the app",
            By::Asking => "you, when the app asks",
            By::Admins => "the admin of each group",
            By::Operator => "the operator",
            By::Merchant => "the merchant",
        };
        let mut table = String::from(
            "| permission | field | who decides | without a policy | what you read |\n\
             |---|---|---|---|---|\n",
        );
        for Row {
            name,
            extent,
            by,
            is_closed,
            words,
        } in TABLE
        {
            let field = if extent.is_empty() { "" } else { extent };
            let unsaid = if is_closed { "denied" } else { "as asked" };
            let words = words.replace("{}", "…");
            let by = decides(by);
            table += &format!("| `{name}` | {field} | {by} | {unsaid} | {words} |\n");
        }
        let page = include_str!("../../docs/grants.md");
        let (before, rest) = page.split_once("<!-- table -->\n").unwrap();
        let (_, after) = rest.split_once("<!-- end -->\n").unwrap();
        let whole = format!("{before}<!-- table -->\n{table}<!-- end -->\n{after}");
        expect_file!["../../docs/grants.md"].assert_eq(&whole);
    }

    #[test]
    fn every_row_is_under_its_name_and_says_its_extent() {
        for row in TABLE {
            assert_eq!(row.words.contains("{}"), !row.extent.is_empty(), "{row:?}");
            let same = TABLE.iter().filter(|other| other.name == row.name);
            assert_eq!(same.count(), 1, "{row:?}");
        }
    }

    #[test]
    fn people_read_how_much_and_where_to() {
        let reach = |origin: &str| Reach {
            origin: origin.parse().unwrap(),
            methods: vec![souk_core::Method::Get],
        };
        let origins = ["https://a.example", "https://b.example"].map(reach);
        let reach = origins.to_vec();
        assert_eq!(
            words(&Permission::Http { reach }),
            "Exchange data with https://a.example and https://b.example"
        );
        let max_amount = "5.00 USD".parse().unwrap();
        assert_eq!(
            words(&Permission::WalletRequest { max_amount }),
            "Ask you for payments of at most 5.00 USD each; you approve every one of them"
        );
        assert_eq!(words(&Permission::Schedule), "Set itself reminders");
    }
}
