//! The only way out: every request that leaves the host goes through here.
//!
//! Whoever asks is a stranger's program. So a request names an origin its app was granted, its host
//! is looked up here, every address that comes back must be one of the public Internet, and the
//! connection goes to the very address that was looked at. Redirects are answers like any other.
//! Size, time and pace are bounded, and each request leaves a [`Line`], whatever came of it.
//!
//! Nothing here keeps anything: what is asked again and what is remembered is the market's.

mod address;
mod exchange;
mod line;
mod message;
mod net;
mod pace;
mod refusal;
mod tls;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use souk_core::limits::HTTP_ADDRESSES_MAX;
use souk_core::{AppId, Clock, Reach, Timestamp};
use tokio::time::timeout;

pub use address::is_public;
pub use line::Line;
pub use message::{Answer, Header, Request};
pub use net::{Internet, Net, Stream};
pub use pace::{Limits, Paces};
pub use refusal::Refusal;
pub use tls::{Trust, TrustError};

use line::Draft;
use pace::Pace;

/// What keeps a request from going where it should not. All of it, unless the test laboratory
/// leaves one out to see that it is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protections {
    /// Only granted origins are spoken to.
    pub reach: bool,
    /// Only public addresses are connected to.
    pub addresses: bool,
    /// The host is looked up once: what is connected to is what was looked at.
    pub looked_up_once: bool,
}

impl Default for Protections {
    fn default() -> Self {
        Self {
            reach: true,
            addresses: true,
            looked_up_once: true,
        }
    }
}

/// The way out. A cheap handle: clones are the same one.
#[derive(Clone)]
pub struct Egress(Arc<Inner>);

struct Inner {
    net: Arc<dyn Net>,
    clock: Arc<dyn Clock>,
    trust: Trust,
    pace: Pace,
    protections: Protections,
}

impl fmt::Debug for Egress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Egress")
            .field("protections", &self.0.protections)
            .finish_non_exhaustive()
    }
}

/// What became of a request. The line is for the audit, and there is always one.
#[must_use = "every request leaves a line in the audit"]
#[derive(Debug)]
pub struct Sent {
    /// What the audit says of it.
    pub line: Line,
    /// The answer, or why there is none.
    pub answer: Result<Answer, Refusal>,
}

impl Sent {
    /// What is said of a request that was not let near the way out.
    pub fn refused(request: &Request, refusal: Refusal, now: Timestamp) -> Self {
        let answer = Err(refusal);
        let line = Draft::of(request, now).end(&answer, now);
        Self { line, answer }
    }
}

impl Egress {
    /// Opens the way out.
    pub fn new(
        net: Arc<dyn Net>,
        clock: Arc<dyn Clock>,
        trust: Trust,
        paces: impl Into<Paces>,
        protections: Protections,
    ) -> Self {
        Self(Arc::new(Inner {
            net,
            clock,
            trust,
            pace: Pace::new(paces.into()),
            protections,
        }))
    }

    /// Sends a request of an app to where it may, and waits for the answer at most so long.
    pub async fn send(
        &self,
        app: &AppId,
        reach: &[Reach],
        request: &Request,
        patience: Duration,
    ) -> Sent {
        let mut draft = Draft::of(request, self.0.clock.now());
        let answer = self.checked(app, reach, request, patience, &mut draft);
        let answer = answer.await;
        let line = draft.end(&answer, self.0.clock.now());
        tracing::info!(%app, "outside: {line}");
        Sent { line, answer }
    }

    async fn checked(
        &self,
        app: &AppId,
        reach: &[Reach],
        request: &Request,
        patience: Duration,
        draft: &mut Draft,
    ) -> Result<Answer, Refusal> {
        let mut reach = reach.iter();
        if self.0.protections.reach
            && !reach.any(|reach| reach.covers(&request.origin, request.method))
        {
            return Err(Refusal::NotGranted);
        }
        let _place = self.0.pace.enter(app, self.0.clock.now())?;
        let exchanged = timeout(patience, self.exchange(request, draft)).await;
        exchanged.unwrap_or(Err(Refusal::Slow))
    }

    async fn exchange(&self, request: &Request, draft: &mut Draft) -> Result<Answer, Refusal> {
        let stream = self.connect(request, draft).await?;
        let stream = self.0.trust.speak(&request.origin, stream).await?;
        exchange::exchange(stream, request).await
    }

    /// Connects to the host of a request, at an address that was looked at.
    async fn connect(&self, request: &Request, draft: &mut Draft) -> Result<Stream, Refusal> {
        let mut found = self.look_up(request).await?;
        if self.0.protections.addresses {
            found.iter().try_for_each(|address| self.check(*address))?;
        }
        if !self.0.protections.looked_up_once {
            found = self.look_up(request).await?;
        }
        for address in found.into_iter().take(HTTP_ADDRESSES_MAX) {
            draft.address = Some(address);
            if let Ok(stream) = self.0.net.connect(address).await {
                return Ok(stream);
            }
        }
        Err(Refusal::Unreachable)
    }

    async fn look_up(&self, request: &Request) -> Result<Vec<SocketAddr>, Refusal> {
        let origin = &request.origin;
        let found = self.0.net.look_up(&origin.host, origin.port).await;
        let found = found.map_err(|_| Refusal::Unknown)?;
        if found.is_empty() {
            return Err(Refusal::Unknown);
        }
        Ok(found)
    }

    /// One address that is not public makes the whole host suspect.
    fn check(&self, address: SocketAddr) -> Result<(), Refusal> {
        if is_public(address.ip()) && !self.0.net.is_own(address.ip()) {
            Ok(())
        } else {
            Err(Refusal::Private)
        }
    }
}
