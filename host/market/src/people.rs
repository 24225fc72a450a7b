//! Joining, signing in, and the keys by which programs act for people.

use souk_core::{TokenId, UserId};
use souk_identity::{Account, Profile, Secret, account, password, session, token};
use souk_store::{StoreError, Txn};

use crate::{Call, Market, MarketError};

/// A person who has just signed in.
pub struct SignedIn {
    /// Who.
    pub user: UserId,
    /// What their browser shows from now on.
    pub secret: Secret,
}

impl Market {
    /// Makes an account and signs the person in.
    ///
    /// # Errors
    /// A taken or malformed handle, name or password.
    pub async fn register(
        &self,
        handle: &str,
        name: &str,
        word: &str,
    ) -> Result<SignedIn, MarketError> {
        let hash = &self
            .off_thread(word, |word| password::hash(&word))
            .await??;
        let join = |txn: Txn| async move {
            let user = account::register(&txn, handle, name, hash.clone()).await?;
            let secret = session::open(&txn, user).await?;
            Ok(SignedIn { user, secret })
        };
        self.store().transact(join).await
    }

    /// Signs a person in.
    ///
    /// # Errors
    /// As [`check_password`](Self::check_password).
    pub async fn sign_in(&self, handle: &str, word: &str) -> Result<SignedIn, MarketError> {
        let user = self.check_password(handle, word).await?;
        let open = |txn| async move {
            Ok(SignedIn {
                user,
                secret: session::open(&txn, user).await?,
            })
        };
        self.store().transact(open).await
    }

    /// Returns whose handle and password these are. An unknown handle takes as long as a wrong
    /// password.
    ///
    /// # Errors
    /// [`MarketError::WrongCredentials`], whichever of the two is wrong.
    pub async fn check_password(&self, handle: &str, word: &str) -> Result<UserId, MarketError> {
        let known = self
            .store()
            .view(|txn| async move { account::by_handle(&txn, handle).await })
            .await?;
        self.prove(known, word).await
    }

    /// Returns whose account this is, if it is one and the password is its.
    pub(crate) async fn prove(
        &self,
        known: Option<Account>,
        word: &str,
    ) -> Result<UserId, MarketError> {
        let stored = known.as_ref().map_or_else(
            || password::decoy().to_owned(),
            |known| known.password.clone(),
        );
        let right = self
            .off_thread(word, move |word| password::verify(&word, &stored))
            .await?;
        Ok(known
            .filter(|_| right)
            .ok_or(MarketError::WrongCredentials)?
            .user)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The store's.
    pub async fn sign_out(&self, secret: &str) -> Result<(), MarketError> {
        self.store()
            .transact(|txn| async move { Ok(session::close(&txn, secret).await?) })
            .await
    }

    /// Returns whose session a secret is.
    ///
    /// # Errors
    /// The store's.
    pub async fn session_user(&self, secret: &str) -> Result<Option<UserId>, MarketError> {
        self.store()
            .view(|txn| async move { Ok(session::user(&txn, secret).await?) })
            .await
    }

    /// Returns for whom a bearer token acts.
    ///
    /// # Errors
    /// The store's.
    pub async fn token_user(&self, secret: &str) -> Result<Option<UserId>, MarketError> {
        self.store()
            .view(|txn| async move { Ok(token::user(&txn, secret).await?) })
            .await
    }

    /// Makes a bearer token. Its secret is shown this once, so a repeated call makes another.
    ///
    /// # Errors
    /// A label too long.
    pub async fn issue_token(
        &self,
        by: UserId,
        label: &str,
    ) -> Result<(TokenId, Secret), MarketError> {
        self.store()
            .transact(|txn| async move { Ok(token::issue(&txn, by, label).await?) })
            .await
    }

    /// Takes a bearer token back.
    ///
    /// # Errors
    /// A token that is not this person's.
    pub async fn revoke_token(&self, call: &Call, id: TokenId) -> Result<(), MarketError> {
        let work = |txn: Txn| async move {
            call.once(&txn, async { Ok(token::revoke(&txn, call.by, id).await?) })
                .await
        };
        self.store().transact(work).await
    }

    /// Returns what a person may know of themselves or of someone they share the host with.
    ///
    /// # Errors
    /// An unknown person.
    pub async fn profile(&self, user: UserId) -> Result<Profile, MarketError> {
        let found = self
            .store()
            .view(|txn| async move { account::profile(&txn, user).await })
            .await?;
        found.ok_or_else(|| MarketError::UnknownPerson(user.to_string()))
    }

    /// Finds a person by their handle.
    ///
    /// # Errors
    /// [`MarketError::UnknownPerson`].
    pub async fn person(&self, handle: &str) -> Result<Profile, MarketError> {
        self.store()
            .view(|txn| async move { find(&txn, handle).await })
            .await
    }

    /// Argon2 takes tens of milliseconds and megabytes on purpose: it runs where nobody waits
    /// behind it, and only a few at a time.
    async fn off_thread<T: Send + 'static>(
        &self,
        word: &str,
        work: impl FnOnce(String) -> T + Send + 'static,
    ) -> Result<T, MarketError> {
        let _slot = self
            .0
            .hashing
            .acquire()
            .await
            .map_err(|_| StoreError::Over)?;
        let word = word.to_owned();
        let done = tokio::task::spawn_blocking(move || work(word)).await;
        Ok(done.map_err(|_| StoreError::Over)?)
    }
}

/// Finds a person by handle.
pub(crate) async fn find(txn: &Txn, handle: &str) -> Result<Profile, MarketError> {
    let unknown = || MarketError::UnknownPerson(handle.chars().take(40).collect());
    let user = account::by_handle(txn, handle)
        .await?
        .ok_or_else(unknown)?
        .user;
    account::profile(txn, user).await?.ok_or_else(unknown)
}
