//! Who an event came from, as far as this app may know.

use crate::Denied;
pub use crate::id::{MerchantUserId, UserId};
use crate::wit::souk::identity::users as wit;

/// The person an event came from.
///
/// ```no_run
/// # use souk_sdk::prelude::*;
/// # fn demo() -> Result {
/// let name = match User::current()?.name() {
///     Err(Denied::ConsentRefused) => "a guest".to_owned(),
///     answer => answer?,
/// };
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct User(wit::User);

impl User {
    /// Returns the person who did it; in an order's event, the payer. Needs no permission.
    ///
    /// # Errors
    /// [`Denied::NotGranted`] when nobody did it.
    pub fn current() -> Result<Self, Denied> {
        Ok(Self(wit::User::current()?))
    }

    /// Returns the person's id: stable, this app's alone, and it says nothing by itself. It is dead
    /// once they leave the app; should they come back, they are somebody new.
    pub fn id(&self) -> UserId {
        UserId::new(self.0.id())
    }

    /// Returns the id under which all apps of this app's merchant see the person, until they leave
    /// one of them. Needs `identity.merchant-id`.
    ///
    /// # Errors
    /// [`Denied::NotGranted`].
    pub fn merchant_scoped_id(&self) -> Result<MerchantUserId, Denied> {
        Ok(MerchantUserId::new(self.0.merchant_scoped_id()?))
    }

    /// Returns the host's word, for the merchant's own backend, that this person uses this app now:
    /// a JWT for 60 seconds and one use, which verifies with the keys at the host's
    /// `/.well-known/jwks.json`. Only in a command or an action.
    ///
    /// # Errors
    /// [`Denied::NotGranted`] in other events; [`Denied::OverLimit`] for a nonce of more than 256
    /// bytes.
    pub fn launch_token(&self, nonce: &str) -> Result<String, Denied> {
        Ok(self.0.launch_token(nonce)?)
    }

    /// Returns the name people know this person by. Needs `identity.profile` with the claim `name`.
    /// See [`profile`](Self::profile) for how the person is asked.
    ///
    /// # Errors
    /// [`Denied::ConsentRefused`] once they said no; [`Denied::NotGranted`].
    pub fn name(&self) -> Result<String, Denied> {
        let claims = self.profile(&["name"])?;
        let name = claims.into_iter().find(|claim| claim.name == "name");
        name.map(|claim| claim.value).ok_or(Denied::NotFound)
    }

    /// Returns what the person agreed to share of these claims. Needs `identity.profile` with them.
    ///
    /// Where nobody has asked this person yet, a command or an action ends at this call: the host
    /// asks, and runs the same event again with the answer. Any other event is not granted it.
    ///
    /// # Errors
    /// [`Denied::ConsentRefused`] once they said no; [`Denied::NotGranted`].
    pub fn profile(&self, claims: &[&str]) -> Result<Vec<Claim>, Denied> {
        let claims: Vec<_> = claims.iter().map(|&claim| claim.to_owned()).collect();
        let claim = |wit::Claim { name, value }| Claim { name, value };
        Ok(self.0.profile(&claims)?.into_iter().map(claim).collect())
    }
}

/// One thing a person lets this app know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// A name of OpenID Connect, like `name`.
    pub name: String,
    /// What the person's profile says.
    pub value: String,
}
