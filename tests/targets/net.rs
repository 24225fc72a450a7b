//! A network that goes nowhere: it answers for names as a target says, counts what is connected
//! to, and every address answers with a redirect, if the target has one.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use souk_core::{Clock, Timestamp};
use souk_egress::{Egress, Limits, Net, Protections, Stream, Trust};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

/// The addresses that may be connected to. Everything else is forbidden: this table shares nothing
/// with the one that is tested.
const PUBLIC: [&str; 2] = ["93.184.216.34", "2600::34"];
/// The addresses of the host itself; both are public.
const OWN: [&str; 2] = ["52.0.0.9", "2600::9"];

/// A network for one target.
pub(crate) struct Counting {
    /// What the first look-up answers, and each one after it; the last answer stays.
    answers: Vec<Vec<IpAddr>>,
    /// Where every answer sends its reader.
    location: Option<String>,
    looked: Mutex<usize>,
    /// Where connections went.
    connects: Mutex<Vec<SocketAddr>>,
}

impl Counting {
    pub(crate) fn new(answers: Vec<Vec<IpAddr>>, location: Option<String>) -> Arc<Self> {
        Arc::new(Self {
            answers,
            location,
            looked: Mutex::default(),
            connects: Mutex::default(),
        })
    }

    /// How often something was connected to.
    pub(crate) fn reached(&self) -> usize {
        self.connects.lock().unwrap().len()
    }

    /// Connections that went where none may go.
    pub(crate) fn forbidden(&self) -> Vec<SocketAddr> {
        let connects = self.connects.lock().unwrap();
        let fine = |address: &&SocketAddr| !PUBLIC.contains(&address.ip().to_string().as_str());
        connects.iter().filter(fine).copied().collect()
    }

    /// The way out into this network.
    pub(crate) fn egress(self: &Arc<Self>, protections: Protections) -> Egress {
        let trust = Trust::in_only(Vec::new()).unwrap();
        let net: Arc<dyn Net> = self.clone();
        Egress::new(net, Arc::new(Noon), trust, Limits::default(), protections)
    }
}

#[async_trait]
impl Net for Counting {
    async fn look_up(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let found = match number(host) {
            Some(address) => vec![address],
            None => {
                let mut looked = self.looked.lock().unwrap();
                let answer = self.answers.get(*looked).or(self.answers.last());
                *looked += 1;
                answer.cloned().unwrap_or_default()
            }
        };
        Ok(found
            .into_iter()
            .map(|it| SocketAddr::new(it, port))
            .collect())
    }

    async fn connect(&self, address: SocketAddr) -> io::Result<Stream> {
        self.connects.lock().unwrap().push(address);
        let (near, mut far) = duplex(64 << 10);
        let location = self.location.clone().unwrap_or_default();
        tokio::spawn(async move {
            let mut asked = [0; 16 << 10];
            drop(far.read(&mut asked).await);
            let answer =
                format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
            drop(far.write_all(answer.as_bytes()).await);
        });
        Ok(Box::new(near))
    }

    fn is_own(&self, address: IpAddr) -> bool {
        OWN.contains(&address.to_string().as_str())
    }
}

/// What a resolver makes of a host that is written as a number: `inet_aton` in all its generosity,
/// an IPv6 address in brackets, and names of oneself.
fn number(host: &str) -> Option<IpAddr> {
    let host = host.trim_end_matches('.').to_lowercase();
    if let Some(inside) = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        let inside = inside.split('%').next()?;
        return inside.parse().ok();
    }
    if host == "localhost" {
        return Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let parts: Vec<u64> = host.split('.').map(part).collect::<Option<_>>()?;
    let (last, firsts) = parts.split_last()?;
    let room = 4_u32.checked_sub(u32::try_from(firsts.len()).ok()?)?;
    if firsts.iter().any(|part| *part > 255) || *last >= 1 << (8 * room) {
        return None;
    }
    let high = firsts.iter().fold(0, |bits, part| bits << 8 | part);
    let bits = high << (8 * room) | last;
    Some(IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(bits).ok()?)))
}

fn part(text: &str) -> Option<u64> {
    if let Some(hex) = text.strip_prefix("0x") {
        return u64::from_str_radix(hex, 16).ok();
    }
    let octal = text.len() > 1 && text.starts_with('0');
    u64::from_str_radix(text, if octal { 8 } else { 10 }).ok()
}

/// A clock that stands still.
pub(crate) struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000)
    }
}
