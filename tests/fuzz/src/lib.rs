//! Every parser that meets bytes of strangers, or bytes of a disk that may have been damaged. None
//! of them may panic or take long, whatever the bytes are; what one takes can be used.
//!
//! The programs in `fuzz_targets` look for bytes that break this; what was worth keeping of what
//! they found lies in `corpus`, and the tests of the laboratory try it again.

use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use souk_chat::card::Card;
use souk_core::Timestamp;
use souk_core::manifest::Manifest;
use souk_market::Token;
use souk_registry::package;
use souk_runtime::Trace;
use souk_server::wire;
use souk_store::embedded::{self, Embedded, Options};
use souk_store::{Batch, Engine};
use tempfile::TempDir;

/// Commits in the journal that is damaged.
const COMMITS: u8 = 40;
/// Segments so small that all of it can be named with two bytes.
const SEGMENT_BYTES: u64 = 64 << 10;
const GROWTH_BYTES: u64 = 16 << 10;

/// Takes bytes.
pub type Parser = fn(&[u8]);

/// All parsers, by name.
// WHEN ADDING A PARSER: a function here, a program in `fuzz_targets`, and a folder in `corpus`.
pub const PARSERS: [(&str, Parser); 7] = [
    ("package", package),
    ("manifest", manifest),
    ("card", card),
    ("values", values),
    ("api", api),
    ("journal", journal),
    ("socket", socket),
];

/// What is uploaded.
pub fn package(bytes: &[u8]) {
    drop(package::imports(bytes));
    assert!(package::asset(bytes, "icon.png").is_none_or(|asset| asset.len() < bytes.len()));
    if let Ok(package) = package::read(bytes) {
        drop(package::validate(&package.component));
    }
}

/// What an app says of itself.
pub fn manifest(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    match Manifest::parse(text) {
        Ok(manifest) => assert!(manifest.matters().count() < bytes.len()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// What an app posts, and what a person enters in it: two texts with a zero between them.
pub fn card(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    let (card, inputs) = text.split_once('\0').unwrap_or((text, "{}"));
    let card = match Card::parse(card) {
        Ok(card) => card,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let inputs: Map<String, Value> = serde_json::from_str(inputs).unwrap_or_default();
    drop(card.check_inputs(&inputs));
    // What was taken is taken again as it is kept.
    assert!(Card::parse(&card.to_string()).is_ok());
}

/// What crosses the border of a run, as a trace keeps it.
pub fn values(bytes: &[u8]) {
    if let Ok(trace) = Trace::from_bytes(bytes) {
        trace.run.calls().for_each(drop);
        drop(trace.run.ended());
        drop(trace.run.told());
        assert!(trace.to_bytes().is_ok());
    }
}

/// What people send over HTTP: everything that a route reads.
pub fn api(bytes: &[u8]) {
    fn read<T: DeserializeOwned>(bytes: &[u8]) {
        drop(serde_json::from_slice::<T>(bytes));
    }
    read::<wire::apps::SettingAsk>(bytes);
    read::<wire::chats::OpenAsk>(bytes);
    read::<wire::chats::Handle>(bytes);
    read::<wire::chats::SayAsk>(bytes);
    read::<wire::chats::ListenAsk>(bytes);
    read::<wire::consents::Answer>(bytes);
    read::<wire::events::PressAsk>(bytes);
    read::<wire::grants::SayAsk>(bytes);
    read::<wire::grants::BudgetAsk>(bytes);
    read::<wire::by_hand::HandDepositAsk>(bytes);
    read::<wire::by_hand::HandWithdrawalAsk>(bytes);
    read::<wire::by_hand::RecallAsk>(bytes);
    read::<wire::operator::ChainPayAsk>(bytes);
    read::<wire::operator::MineAsk>(bytes);
    read::<wire::operator::ReorganizeAsk>(bytes);
    read::<wire::orders::ApproveAsk>(bytes);
    read::<wire::passages::WithdrawAsk>(bytes);
    read::<wire::people::Account>(bytes);
    read::<wire::people::Credentials>(bytes);
    read::<wire::people::Leave>(bytes);
    read::<wire::people::TokenAsk>(bytes);
    read::<wire::wallet::DepositAsk>(bytes);
    read::<wire::wallet::SendAsk>(bytes);
}

/// What is told over the socket, and the token by which a client says where it goes on from.
pub fn socket(bytes: &[u8]) {
    drop(serde_json::from_slice::<wire::stream::Frame>(bytes));
    let token = str::from_utf8(bytes)
        .ok()
        .and_then(|text| text.parse::<Token>().ok());
    if let Some(token) = token {
        assert!(token.to_string().parse::<Token>().is_ok());
    }
}

/// What a start finds on the disk: a sound journal over which some bytes were written, each piece
/// with its place (two bytes) and its length (one) before it.
pub fn journal(bytes: &[u8]) {
    thread_local! {
        // Gone, with its folder, when the thread is.
        static SOUND: Sound = Sound::make();
    }
    SOUND.with(|sound| sound.damaged_by(bytes));
}

/// A store with some commits in it, and the first segment of its journal.
struct Sound {
    options: Options,
    file: PathBuf,
    bytes: Vec<u8>,
    _folder: TempDir,
}

impl Sound {
    fn damaged_by(&self, bytes: &[u8]) {
        let (mut damaged, mut rest) = (self.bytes.clone(), bytes);
        while let [high, low, length, more @ ..] = rest {
            let place = usize::from(u16::from_be_bytes([*high, *low]));
            let (piece, more) = more.split_at(usize::from(*length).min(more.len()));
            let over = damaged.iter_mut().skip(place);
            over.zip(piece).for_each(|(byte, new)| *byte = *new);
            rest = more;
        }
        std::fs::write(&self.file, damaged).expect("the folder can be written to");
        match embedded::verify(&self.options) {
            Ok(report) => drop(report),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }

    fn make() -> Self {
        let folder = tempfile::tempdir().expect("there is a folder");
        let data = folder.path().join("data");
        let options = Options {
            segment_bytes: SEGMENT_BYTES,
            growth_bytes: GROWTH_BYTES,
            ..Options::at(&data)
        };
        let (engine, _) = Embedded::open(&options).expect("a new store opens");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
        runtime.expect("there is a runtime").block_on(async {
            for number in 0..COMMITS {
                let key = [&b"\0fuzz"[..], &number.to_be_bytes()].concat();
                let mut batch = Batch::default();
                batch
                    .writes
                    .insert(key, Some(vec![number; usize::from(number)]));
                let now = Timestamp::from_millis(u64::from(number));
                engine.commit(batch, now).await.expect("it is committed");
            }
        });
        drop(engine);
        let mut segments = std::fs::read_dir(data.join("journal")).expect("there is a journal");
        let file = segments
            .next()
            .expect("it has a segment")
            .expect("it is read")
            .path();
        let bytes = std::fs::read(&file).expect("it is read");
        Self {
            options,
            file,
            bytes,
            _folder: folder,
        }
    }
}
