//! The kinds of problems: stable names, the status, and the next step. Printed at `/problems/NAME`.

/// A kind of problem.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The last part of the problem's type; never changes.
    pub(crate) name: &'static str,
    /// The HTTP status.
    pub(crate) status: u16,
    /// What it is, whatever the case.
    pub(crate) title: &'static str,
    /// What to do next.
    pub(crate) hint: &'static str,
}

impl Kind {
    /// Tells whether the cause lies with the host, so that its words belong in the log.
    pub(crate) const fn is_ours(&self) -> bool {
        self.status == 500
    }
}

macro_rules! kinds {
    ($($id:ident $status:literal $name:literal $title:literal $hint:literal;)*) => {
        $(pub(crate) static $id: Kind = Kind {
            name: $name,
            status: $status,
            title: $title,
            hint: $hint,
        };)*
        /// All of them, in the order of their status.
        pub(crate) static ALL: &[&Kind] = &[$(&$id),*];
    };
}

// WHEN ADDING A KIND: programs match on the name; choose one that stays true.
kinds! {
    BODY 400 "malformed-body" "The body cannot be read"
        "Send JSON as the API reference describes it.";
    ADDRESS 400 "malformed-address" "A part of the address is malformed"
        "Use the ids that the host returned.";
    QUERY 400 "malformed-query" "A query parameter is malformed"
        "Correct the parameter named in the detail.";
    KEY 400 "malformed-key" "The idempotency key is malformed"
        "Send 1 to 200 visible ASCII characters, a UUID for example.";
    NOT_SIGNED_IN 401 "not-signed-in" "Nobody is signed in"
        "Sign in with POST /v1/sessions, or send `Authorization: Bearer` with a token from POST \
         /v1/tokens.";
    NOT_OPERATOR 401 "not-operator" "Only the operator may do this"
        "Send `Authorization: Bearer` with the token in the file operator.token of the host's data \
         directory.";
    CREDENTIALS 401 "wrong-credentials" "The handle or the password is wrong"
        "Check both and try again.";
    CROSS_SITE 403 "cross-site" "Another site asked for this"
        "Do it from this host's own page, or use a token.";
    FORBIDDEN 403 "not-yours" "This belongs to somebody else"
        "Use an app id, key or command of your own.";
    NO_BANK 403 "no-simulated-bank" "The simulated bank is off"
        "The operator can turn it on with --simulated-bank.";
    NO_CHAIN 403 "no-simulated-chain" "The simulated chain is off"
        "The operator can turn it on with --simulated-chain.";
    NOT_FOUND 404 "not-found" "There is no such thing, or it is not yours to see"
        "Check the name or the id; lists show what there is.";
    NO_COMMAND 404 "unknown-command" "No app here answers to this command"
        "GET /v1/apps lists the apps and their commands.";
    METHOD 405 "no-such-method" "The address does not take this method"
        "The API reference lists what each address takes.";
    SLOW 408 "slow-body" "The body took too long"
        "Send the request again, faster.";
    STATE 409 "wrong-state" "It is too late, or too early, for this"
        "Look at the present state and decide again.";
    TAKEN 409 "taken" "Somebody else has this already"
        "Choose another.";
    CHANGED 409 "changed" "The message has changed since it was shown"
        "Load it again and press the button it has now.";
    NONCE 409 "stale-approval" "The approval is used up or out of date"
        "Open the sheet again and approve what it says.";
    KEY_REUSED 409 "key-reused" "The idempotency key was used with other contents"
        "Use a new key for a new request.";
    TOO_LARGE 413 "too-large" "The body is too large"
        "Send less.";
    INVALID 422 "invalid" "What was asked cannot be"
        "Correct what the detail names.";
    INPUTS 422 "invalid-inputs" "Some inputs need another look"
        "Correct the fields listed in `fields`.";
    PACKAGE 422 "bad-package" "The package cannot be published"
        "Correct what the detail names and build again with `souk build`.";
    VERSION 409 "version-taken" "This version was published before"
        "Raise `version.code` in miniapp.toml.";
    FUNDS 422 "insufficient-funds" "The balance is too low"
        "Deposit money, then ask again under a new key; an order still waits.";
    STANDING 422 "account-not-open" "The account is frozen or closed"
        "Ask the operator of this host why.";
    LIMIT 422 "over-limit" "A limit is reached"
        "Stay below the limit that the detail names.";
    APP_REFUSED 422 "app-refused" "The app said no"
        "Its reason is in `app_says`.";
    APP_FAILED 422 "app-failed" "The app failed"
        "Nothing it did remains. Try again, or tell the merchant.";
    SOCKET 426 "not-a-socket" "This address speaks WebSocket"
        "Connect with a WebSocket client.";
    INTERNAL 500 "internal" "The host failed"
        "Try again; if it stays, tell the operator.";
    BUSY 503 "busy" "The host has too much to do"
        "Try again after the time in Retry-After.";
    UNAVAILABLE 503 "unavailable" "The host cannot do this at present"
        "Try again later; the operator has to act.";
}
