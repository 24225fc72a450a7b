//! What an app may ask for. The words are a contract: people read them when they are asked.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::fields::{self, Fields, Value, at_most, list, unknown_name, word};
use super::words::{self, fault, quoted};
use crate::limits::{ORIGINS_MAX, PERMISSIONS_MAX};
use crate::{Claim, Currency, Method, Money, Origin, OriginError, Reach};

/// A permission an app asks for, and the reason it gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What it asks for.
    pub permission: Permission,
    /// Why, in words people read.
    pub reason: String,
}

/// Something an app may be allowed to do.
// WHEN ADDING A PERMISSION: append it; it is stored with what people said to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Permission {
    /// Speak in the chat an event came from.
    MessagingPost,
    /// Speak later, where a person let it.
    MessagingPush,
    /// Be told what people say in a group, where its admin lets it.
    MessagingListen,
    /// Ask people for these claims.
    IdentityProfile {
        /// At least one, each once.
        claims: Vec<Claim>,
    },
    /// Know people across its merchant's apps.
    IdentityMerchantId,
    /// Put payment sheets before people.
    WalletRequest {
        /// The most one order may come to; more than zero.
        max_amount: Money,
    },
    /// Pay people out of the app's own takings.
    WalletPayOut {
        /// The most it may come to on a day of UTC; more than zero.
        max_amount: Money,
    },
    /// Keep data for the whole app.
    StorageApp,
    /// Keep data for each chat.
    StorageChat,
    /// Keep data for each person.
    StorageUser,
    /// Read what its merchant set.
    Config,
    /// Be told later.
    Schedule,
    /// Send requests to the outside.
    Http {
        /// Where to, at least one origin, each once.
        reach: Vec<Reach>,
    },
}

/// The names a manifest may write.
// WHEN ADDING A PERMISSION: here, in `read`, in `matter.rs`, in the grants and the words of
// `souk-registry` and in `sdk/miniapp.schema.json`.
const KNOWN: [&str; 13] = [
    "messaging.post",
    "messaging.push",
    "messaging.listen",
    "identity.profile",
    "identity.merchant-id",
    "wallet.request",
    "wallet.pay-out",
    "storage.app",
    "storage.chat",
    "storage.user",
    "config",
    "schedule",
    "http",
];

impl Permission {
    /// Returns the name a manifest writes.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::MessagingPost => "messaging.post",
            Self::MessagingPush => "messaging.push",
            Self::MessagingListen => "messaging.listen",
            Self::IdentityProfile { .. } => "identity.profile",
            Self::IdentityMerchantId => "identity.merchant-id",
            Self::WalletRequest { .. } => "wallet.request",
            Self::WalletPayOut { .. } => "wallet.pay-out",
            Self::StorageApp => "storage.app",
            Self::StorageChat => "storage.chat",
            Self::StorageUser => "storage.user",
            Self::Config => "config",
            Self::Schedule => "schedule",
            Self::Http { .. } => "http",
        }
    }
}

/// Reads `req_permissions`.
pub(super) fn all(fields: &Fields<'_>) -> Result<Vec<Asked>, Fault> {
    let mut asked: Vec<Asked> = Vec::new();
    for value in fields.list("req_permissions")? {
        let one = read(value)?;
        let name = one.permission.name();
        if asked.iter().any(|before| before.permission.name() == name) {
            return Err(Fault::new(
                value.span(),
                format!("`{name}` is asked for twice"),
            ));
        }
        if asked.len() >= PERMISSIONS_MAX {
            return Err(Fault::new(
                value.span(),
                format!("at most {PERMISSIONS_MAX} permissions"),
            ));
        }
        asked.push(one);
    }
    Ok(asked)
}

fn read(value: &Value<'_>) -> Result<Asked, Fault> {
    let fields = Fields::of(
        value,
        &["name", "reason", "claims", "max_amount", "origins"],
    )?;
    let name = word(fields.required("name")?)?;
    let permission = match name.text {
        "messaging.post" => Permission::MessagingPost,
        "messaging.push" => Permission::MessagingPush,
        "messaging.listen" => Permission::MessagingListen,
        "identity.profile" => Permission::IdentityProfile {
            claims: claims(&fields)?,
        },
        "identity.merchant-id" => Permission::IdentityMerchantId,
        "wallet.request" => Permission::WalletRequest {
            max_amount: max_amount(&fields)?,
        },
        "wallet.pay-out" => Permission::WalletPayOut {
            max_amount: max_amount(&fields)?,
        },
        "storage.app" => Permission::StorageApp,
        "storage.chat" => Permission::StorageChat,
        "storage.user" => Permission::StorageUser,
        "config" => Permission::Config,
        "schedule" => Permission::Schedule,
        "http" => Permission::Http {
            reach: reach(&fields)?,
        },
        _ => {
            let at = name.at.clone();
            return Err(unknown_name(at, "permission", name.text, &KNOWN));
        }
    };
    only_with(&fields, "claims", &["identity.profile"], &permission)?;
    only_with(&fields, "origins", &["http"], &permission)?;
    only_with(
        &fields,
        "max_amount",
        &["wallet.request", "wallet.pay-out"],
        &permission,
    )?;
    let reason = words::sentence(&word(fields.required("reason")?)?)?;
    Ok(Asked { permission, reason })
}

fn only_with(
    fields: &Fields<'_>,
    field: &str,
    owners: &[&str],
    permission: &Permission,
) -> Result<(), Fault> {
    match fields.optional(field) {
        Some(value) if !owners.contains(&permission.name()) => {
            let owners = owners.join("` and `");
            let what = format!(
                "`{field}` belongs to `{owners}`, not to `{}`",
                permission.name()
            );
            Err(Fault::new(value.span(), what))
        }
        Some(_) | None => Ok(()),
    }
}

fn claims(fields: &Fields<'_>) -> Result<Vec<Claim>, Fault> {
    let value = fields.required("claims")?;
    let mut claims = Vec::new();
    for item in list(value)? {
        let name = word(item)?;
        let known = Claim::ALL.map(Claim::name);
        let claim = Claim::from_str(name.text)
            .map_err(|_| unknown_name(name.at.clone(), "claim", name.text, &known))?;
        if claims.contains(&claim) {
            return Err(fault(&name, format!("`{claim}` is asked for twice")));
        }
        claims.push(claim);
    }
    some(value, "claims", "claim", claims)
}

fn reach(fields: &Fields<'_>) -> Result<Vec<Reach>, Fault> {
    let value = fields.required("origins")?;
    let mut reach: Vec<Reach> = Vec::new();
    for item in at_most(ORIGINS_MAX, "origins", list(value)?)? {
        let parts = Fields::of(item, &["origin", "methods"])?;
        let text = word(parts.required("origin")?)?;
        let origin: Origin = text.text.parse().map_err(|error: OriginError| {
            fault(&text, error.to_string()).hint("write it like `https://api.example.com`")
        })?;
        if reach.iter().any(|before| before.origin == origin) {
            return Err(fault(&text, format!("`{origin}` is asked for twice")));
        }
        let methods = methods(parts.required("methods")?)?;
        reach.push(Reach { origin, methods });
    }
    some(value, "origins", "origin", reach)
}

fn methods(value: &Value<'_>) -> Result<Vec<Method>, Fault> {
    let mut methods = Vec::new();
    for item in list(value)? {
        let name = word(item)?;
        let known = Method::ALL.map(Method::name);
        let method = Method::named(name.text)
            .ok_or_else(|| unknown_name(name.at.clone(), "method", name.text, &known))?;
        if methods.contains(&method) {
            return Err(fault(&name, format!("`{method}` is asked for twice")));
        }
        methods.push(method);
    }
    some(value, "methods", "method", methods)
}

/// A list with something in it.
fn some<T>(value: &Value<'_>, field: &str, what: &str, found: Vec<T>) -> Result<Vec<T>, Fault> {
    if found.is_empty() {
        let what = format!("`{field}` must name at least one {what}");
        return Err(Fault::new(value.span(), what));
    }
    Ok(found)
}

fn max_amount(fields: &Fields<'_>) -> Result<Money, Fault> {
    let parts = Fields::of(fields.required("max_amount")?, &["amount", "currency"])?;
    let code = word(parts.required("currency")?)?;
    let amount = word(parts.required("amount")?)?;
    let currency =
        Currency::from_str(code.text).map_err(|error| fault(&code, error.to_string()))?;
    let read = fields::plain_number(amount.text).then(|| format!("{} {currency}", amount.text));
    let money = read.and_then(|text| Money::from_str(&text).ok());
    let digits = currency.scale();
    let what = format!("`{}` is not an amount of {currency}", quoted(&amount));
    let hint = format!("write digits, with at most {digits} after the point, more than zero");
    money
        .filter(|money| !money.is_zero())
        .ok_or_else(|| fault(&amount, what).hint(hint))
}
