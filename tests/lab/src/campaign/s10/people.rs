//! A person, and nobody at all, ask every address of the host for what is another's.
//!
//! Each request is first made by Ana herself, to whom the things belong: one that she is refused
//! would prove nothing, and the campaign does not begin. Then the same is asked for another thing
//! of hers by somebody else, who is answered as if it did not exist. At the end she asks for
//! those too: nothing has become of them.

use std::time::Duration;

use serde_json::Value;
use souk::client::{Answer, Client, Method};
use tokio::time::timeout;

use super::probe::Probe;
use super::routes::{NAMED, OPERATOR, OWN};
use super::things::{Ana, EVES, THINGS, items};
use crate::dice::Dice;
use crate::{Wrong, report};

/// Lists that come in pages, each of something else of Ana's.
const LISTS: [&str; 4] = [
    "/v1/me/activity?limit=1",
    "/v1/wallet/statement?currency=USD&limit=1",
    "/v1/wallet/deposits?limit=1",
    "/v1/wallet/withdrawals?limit=1",
];
/// What Ana sees of hers, where nothing changes by itself.
const LOOKS: [&str; 8] = [
    "/v1/me",
    "/v1/chats",
    "/v1/consents",
    "/v1/wallet",
    "/v1/wallet/statement?currency=USD",
    "/v1/wallet/transfers",
    "/v1/orders",
    "/v1/apps/com.example.things/config",
];
/// Says in what is Ana's that it was found.
const CANARY: &str = "canary";
/// The status that whoever is not signed in as they would have to be is answered with.
const UNKNOWN_CALLER: u16 = 401;
/// How long a socket is listened to.
const LISTENED: Duration = Duration::from_secs(1);

/// A host with Ana, who has something of each kind, and those who ask for it.
pub(super) struct People {
    ana: Ana,
    nobody: Client,
    tries: Vec<Try>,
    /// What others ask for, and Ana is to be answered still at the end.
    hers: Vec<Probe>,
    /// Where a stream of Ana's goes on, and the chat that it tells of then.
    stream: (String, String),
    confused: bool,
}

/// Something that is asked, and what may come of it.
struct Try {
    probe: Probe,
    is_nobody: bool,
    due: Due,
}

/// What may come of it.
enum Due {
    /// No, as for what does not exist.
    Unknown,
    /// No: whoever asks is not who they would have to be.
    No,
    /// What is the asker's own, which is not this.
    Own(Vec<u8>),
    /// What is the asker's own, and nothing of these.
    Page(Vec<Value>),
}

impl People {
    pub(super) async fn open(confused: bool) -> Result<Self, Wrong> {
        super::routes::hold_against_the_router()?;
        let ana = Ana::open().await?;
        let nobody = Client::new(ana.site.house.base(), "");
        let mut people = Self {
            ana,
            nobody,
            tries: Vec::new(),
            hers: Vec::new(),
            stream: (String::new(), String::new()),
            confused,
        };
        people.named().await?;
        people.own().await?;
        people.pages().await?;
        people.stream().await?;
        for route in OPERATOR {
            let probe = bare(route, "")?;
            people.both(&probe, || Due::No);
        }
        report::result(format_args!(
            "{} addresses name something of Ana's; {} requests by somebody else or nobody",
            NAMED.len(),
            people.tries.len()
        ));
        Ok(people)
    }

    /// Everything that can be named: Ana gets one, and others ask for another.
    async fn named(&mut self) -> Result<(), Wrong> {
        for route in NAMED {
            let own = self.ana.make(route).await?;
            let answer = own.ask(self.ana.ana()).await?;
            if !answer.is_good() {
                let words = String::from_utf8_lossy(&answer.body);
                return Err(format!("Ana herself: {own}: {} {words}", answer.status).into());
            }
            let probe = self.ana.make(route).await?;
            let within = probe.within(&self.ana.eves_chat, EVES);
            self.both(&probe, || Due::Unknown);
            self.hers.push(probe);
            if let Some(probe) = within {
                self.asks(probe, false, Due::Unknown);
            }
        }
        Ok(())
    }

    /// What everybody has of their own.
    async fn own(&mut self) -> Result<(), Wrong> {
        for (route, behind) in OWN {
            let probe = bare(route, behind)?;
            let anas = probe.ask(self.ana.ana()).await?;
            if !anas.is_good() {
                return Err(format!("Ana herself: {probe}: {}", anas.status).into());
            }
            self.asks(probe.clone(), false, Due::Own(anas.body));
            self.asks(probe, true, Due::No);
        }
        Ok(())
    }

    /// Ana's cursors: the second page of each list, and what stands there.
    async fn pages(&mut self) -> Result<(), Wrong> {
        for _ in 0..2 {
            self.ana.departure().await?;
        }
        let history = self.ana.history().await?;
        for list in LISTS.into_iter().chain([history.as_str()]) {
            let first: Value = self.ana.ana().get(list).await?;
            let cursor = first.get("next").and_then(Value::as_str);
            let cursor = cursor.ok_or_else(|| format!("{list} has no second page"))?;
            let probe = Probe::of(&format!("get {list}&cursor={cursor}"))?;
            let names = names(&probe.ask(self.ana.ana()).await?)?;
            if names.is_empty() {
                return Err(format!("nothing stands on the second page of {list}").into());
            }
            self.asks(probe, false, Due::Page(names));
        }
        Ok(())
    }

    /// A place of Ana's stream, behind which much is said.
    async fn stream(&mut self) -> Result<(), Wrong> {
        let mut stream = self.ana.ana().stream(None).await?;
        drop(stream.next().await?);
        let token = stream.token().ok_or("a stream has no token")?.to_owned();
        let chat = self.ana.history().await?;
        let chat = chat.split('/').nth(3).ok_or("a chat has an id")?.to_owned();
        let heard = heard(self.ana.ana(), &token).await?;
        if !heard.contains(&chat) {
            return Err(format!("Ana herself does not hear what was said: {heard}").into());
        }
        self.stream = (token, chat);
        Ok(())
    }

    fn asks(&mut self, probe: Probe, is_nobody: bool, due: Due) {
        self.tries.push(Try {
            probe,
            is_nobody,
            due,
        });
    }

    fn both(&mut self, probe: &Probe, due: impl Fn() -> Due) {
        for is_nobody in [false, true] {
            self.asks(probe.clone(), is_nobody, due());
        }
    }

    /// How many requests there are.
    pub(super) fn len(&self) -> usize {
        self.tries.len()
    }

    /// Asks for something of Ana's again.
    pub(super) async fn try_one(&self, dice: &mut Dice) -> Result<(), Wrong> {
        self.try_at(dice.place(self.tries.len())).await
    }

    /// Makes one of the requests.
    pub(super) async fn try_at(&self, at: usize) -> Result<(), Wrong> {
        let Try {
            probe,
            is_nobody,
            due,
        } = self.tries.get(at).ok_or("there are no addresses")?;
        let (who, by) = match is_nobody {
            true => ("nobody", &self.nobody),
            false => ("Eve", self.eve()),
        };
        let before = self.look(probe).await?;
        let came = self.comes(probe, due, by).await;
        came.map_err(|wrong| format!("{who}: {probe}: {wrong}"))?;
        let after = self.look(probe).await?;
        let changed = after.iter().find(|it| !before.contains(it));
        match changed {
            None => Ok(()),
            Some((of, _)) => Err(format!("{who}: {probe} changes {of} of Ana's").into()),
        }
    }

    /// What is Ana's, as she sees it.
    async fn look(&self, probe: &Probe) -> Result<Vec<(String, Vec<u8>)>, Wrong> {
        let chat = probe.chat.iter();
        let chat = chat.map(|chat| format!("/v1/chats/{chat}/messages"));
        let mut seen = Vec::new();
        for path in LOOKS.into_iter().map(str::to_owned).chain(chat) {
            let answer = self.ana.ana().ask(Method::GET, &path, "", Vec::new());
            let answer = answer.await?;
            seen.push((path, answer.body));
        }
        Ok(seen)
    }

    /// Asks, and refuses what may not come of it.
    async fn comes(&self, probe: &Probe, due: &Due, by: &Client) -> Result<(), Wrong> {
        let answer = probe.ask(by).await?;
        let words = probe.words(&answer);
        match due {
            Due::Unknown | Due::No if answer.is_good() => return Err("it is done".into()),
            Due::Unknown => is_like_nobodys(probe, &answer, by).await?,
            Due::No if answer.status == UNKNOWN_CALLER => {}
            Due::No => return Err(format!("refused for another reason: {words}").into()),
            Due::Own(_) if !answer.is_good() => return Err(format!("refused: {words}").into()),
            Due::Own(anas) if *anas == answer.body => return Err("it shows what Ana has".into()),
            Due::Own(_) => {}
            Due::Page(names) => {
                let seen = self::names(&answer)?;
                if let Some(seen) = seen.iter().find(|it| names.contains(it)) {
                    return Err(format!("it shows {seen}").into());
                }
            }
        }
        let marks = self.hers.iter().flat_map(Probe::secrets);
        match marks.chain([CANARY]).find(|mark| words.contains(mark)) {
            Some(mark) => Err(format!("{mark} stands in {words}").into()),
            None => Ok(()),
        }
    }

    /// Whether somebody else hears what Ana is told, by her place in it.
    pub(super) async fn hears_nothing(&self) -> Result<(), Wrong> {
        let (token, chat) = &self.stream;
        let heard = heard(self.eve(), token).await?;
        if heard.contains(chat) {
            return Err(format!("Eve hears {heard}").into());
        }
        match self.nobody.stream(Some(token)).await {
            Ok(_) => Err("nobody is let into a stream".into()),
            Err(_) => Ok(()),
        }
    }

    /// Whether Ana is still answered everything that others asked for.
    pub(super) async fn ana_asks(&self) -> Result<(), Wrong> {
        for probe in &self.hers {
            let answer = probe.ask(self.ana.ana()).await?;
            if !self.confused && !answer.is_good() {
                let words = String::from_utf8_lossy(&answer.body);
                return Err(format!("Ana, at the end: {probe}: {words}").into());
            }
        }
        Ok(())
    }

    /// Who asks for what is Ana's.
    fn eve(&self) -> &Client {
        if self.confused {
            self.ana.ana()
        } else {
            &self.ana.eve
        }
    }

    pub(super) async fn close(mut self) {
        self.ana.site.house.close().await;
    }
}

/// A request that names nobody's thing but the app that makes things.
fn bare(route: &str, behind: &str) -> Result<Probe, Wrong> {
    let mut probe = Probe::of(&format!("{route}{behind}"))?;
    probe.name("{app}", THINGS);
    probe.name("{transfer}", "trf_00000000000000000000000000");
    Ok(probe)
}

/// Refuses an answer that differs from that for what does not exist.
async fn is_like_nobodys(probe: &Probe, answer: &Answer, by: &Client) -> Result<(), Wrong> {
    let Some(nobodys) = probe.of_nobodys() else {
        return Ok(());
    };
    let unknown = nobodys.ask(by).await?;
    let (words, usual) = (probe.words(answer), nobodys.words(&unknown));
    if (answer.status, &words) == (unknown.status, &usual) {
        Ok(())
    } else {
        Err(format!("{words}, but of what does not exist: {usual}").into())
    }
}

/// What somebody hears for a while from a place of a stream on; nothing if they are refused.
async fn heard(by: &Client, token: &str) -> Result<String, Wrong> {
    let mut heard = String::new();
    if let Ok(mut stream) = by.stream(Some(token)).await {
        while let Ok(frame) = timeout(LISTENED, stream.next()).await {
            let Some(frame) = frame? else { break };
            heard.push_str(&serde_json::to_string(&frame)?);
        }
    }
    Ok(heard)
}

/// What things on a page are called; one that has no name stands for itself.
fn names(page: &Answer) -> Result<Vec<Value>, Wrong> {
    if !page.is_good() {
        return Ok(Vec::new());
    }
    let items = items(&serde_json::from_slice(&page.body)?)?;
    let name = |item: Value| item.get("id").cloned().unwrap_or(item);
    Ok(items.into_iter().map(name).collect())
}
