//! Receipts: anybody can check them, nobody can change them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use expect_test::expect;
use serde_json::{Value, json};
use souk_core::{Blame, Blamed};

use super::book::{Book, START, holder, money, tea};
use crate::entry::{Entry, EntryKind};
use crate::proof::ProofError;
use crate::receipt::{self, PAYLOAD_TYPE, Receipt, Statement};

fn key_of(book: &Book) -> [u8; 32] {
    *book.store.keyring().public_keys().last().unwrap()
}

async fn issue(book: &Book, entry: &Entry) -> Receipt {
    let issue = |txn| async move { receipt::issue(&txn, entry).await };
    book.run(issue).await.unwrap()
}

/// A paid order's receipt, and the key to check it with.
async fn receipt_of_tea() -> (Receipt, [u8; 32]) {
    let book = Book::new();
    let paid = book.paid("ana", "7.50 USD", "cup").await;
    let receipt = issue(&book, &paid.entry).await;
    (receipt, key_of(&book))
}

#[tokio::test]
async fn a_receipt_says_what_the_entry_says() {
    let book = Book::new();
    let paid = book.paid("ana", "7.50 USD", "cup").await;
    let refund = book
        .refund(paid.order.id, "tea", "r", "2.50 USD", "cold")
        .await
        .unwrap();
    let key = key_of(&book);
    let usd = money("7.50 USD").currency();
    let (ana, tea) = (holder("ana").account(usd), holder("tea").account(usd));

    let says = receipt::verify(issue(&book, &paid.entry).await.as_str(), &[key]).unwrap();
    let expected = Statement {
        entry: paid.entry.id,
        at: START,
        kind: EntryKind::Payment,
        amount: money("7.50 USD"),
        payer: ana,
        payee: tea,
        app: Some(paid.order.app.clone()),
        order: Some(paid.order.id),
        terms: Some(STANDARD.encode(paid.order.terms)),
    };
    assert_eq!(says, expected);

    let says = receipt::verify(issue(&book, &refund.entry).await.as_str(), &[key]).unwrap();
    assert_eq!((says.payer, says.payee), (tea, ana));
    assert_eq!(
        (says.kind, says.amount),
        (EntryKind::Refund, money("2.50 USD"))
    );
    assert_eq!((says.order, says.terms), (Some(paid.order.id), None));
}

#[tokio::test]
async fn a_deposit_has_one_too_and_names_no_app() {
    let book = Book::new();
    let entry = book.deposit("ana", "7.50 USD", "d").await.unwrap();
    let key = key_of(&book);
    let says = receipt::verify(issue(&book, &entry).await.as_str(), &[key]).unwrap();
    assert_eq!((says.app, says.order, says.terms), (None, None, None));
    assert_eq!(says.kind, EntryKind::Deposit);
}

#[tokio::test]
async fn the_same_entry_gives_the_same_text() {
    let book = Book::new();
    let entry = book.deposit("ana", "7.50 USD", "d").await.unwrap();
    let first = issue(&book, &entry).await;
    book.wait(86_400_000);
    assert_eq!(issue(&book, &entry).await, first);
    assert_eq!(first.to_string(), first.as_str());
    assert_eq!(first.as_str().lines().count(), 1);
}

#[tokio::test]
async fn a_receipt_keeps_nothing_personal() {
    let book = Book::new();
    let mut ask = tea("ana", "7.50 USD", "cup");
    ask.details.memo = "for my secret love".to_owned();
    book.deposit("ana", "7.50 USD", "d").await.unwrap();
    let order = book.open(&ask).await.unwrap();
    let paid = book.pay(order.id, "ana", "a").await.unwrap();
    let payload = payload_of(issue(&book, &paid.entry).await.as_str());
    for word in [
        "secret",
        "Tea",
        "cup",
        &super::book::person("ana").to_string(),
    ] {
        assert!(!payload.to_string().contains(word), "{word}");
    }
}

fn payload_of(text: &str) -> Value {
    let envelope: Value = serde_json::from_str(text).unwrap();
    let payload = STANDARD
        .decode(envelope["payload"].as_str().unwrap())
        .unwrap();
    serde_json::from_slice(&payload).unwrap()
}

#[tokio::test]
async fn any_altered_byte_is_refused() {
    let (receipt, key) = receipt_of_tea().await;
    let text = receipt.as_str();
    assert!(receipt::verify(text, &[key]).is_ok());
    let mut tried = 0;
    for at in 0..text.len() {
        for byte in 0..=u8::MAX {
            let mut bytes = text.as_bytes().to_vec();
            if bytes[at] == byte {
                continue;
            }
            bytes[at] = byte;
            let Ok(altered) = String::from_utf8(bytes) else {
                continue;
            };
            tried += 1;
            assert!(
                receipt::verify(&altered, &[key]).is_err(),
                "byte {at} as {byte}: {altered}"
            );
        }
    }
    assert!(tried > 60_000, "{tried}");
}

#[tokio::test]
async fn anything_cut_off_added_or_swapped_is_refused() {
    let (receipt, key) = receipt_of_tea().await;
    let text = receipt.as_str();
    for end in 0..text.len() {
        assert!(
            receipt::verify(&text[..end], &[key]).is_err(),
            "cut at {end}"
        );
    }
    for added in ["x", "}", "{}", "null", "\u{0}"] {
        assert!(
            receipt::verify(&format!("{text}{added}"), &[key]).is_err(),
            "{added}"
        );
    }
    let envelope = |change: &dyn Fn(&mut Value)| {
        let mut envelope: Value = serde_json::from_str(text).unwrap();
        change(&mut envelope);
        receipt::verify(&envelope.to_string(), &[key]).unwrap_err()
    };
    let form = ProofError::Form;
    assert_eq!(envelope(&|e| e["more"] = json!(1)), form);
    assert_eq!(envelope(&|e| e["signatures"] = json!([])), form);
    assert_eq!(envelope(&|e| e["signatures"][0]["more"] = json!(1)), form);
    assert_eq!(envelope(&|e| e["signatures"][0]["sig"] = json!("")), form);
    assert_eq!(envelope(&|e| e["signatures"][0]["sig"] = json!("%")), form);
    assert_eq!(envelope(&|e| e["payload"] = json!("%")), form);
    let twice = |e: &mut Value| {
        let one = e["signatures"][0].clone();
        e["signatures"] = json!([one.clone(), one]);
    };
    assert_eq!(envelope(&twice), form);
    let other = "application/json";
    assert_eq!(
        envelope(&|e| e["payloadType"] = json!(other)),
        ProofError::PayloadType
    );
    assert_eq!(
        envelope(&|e| e["payload"] = json!("e30=")),
        ProofError::Signature
    );
    let zeros = STANDARD.encode([0; 64]);
    assert_eq!(
        envelope(&|e| e["signatures"][0]["sig"] = json!(zeros)),
        ProofError::Signature
    );
}

#[tokio::test]
async fn every_field_of_the_statement_is_signed() {
    let (receipt, key) = receipt_of_tea().await;
    let says = payload_of(receipt.as_str());
    let fields: Vec<&String> = says.as_object().unwrap().keys().collect();
    assert_eq!(fields.len(), 9, "{fields:?}");
    for field in fields {
        let mut altered = says.clone();
        altered[field] = match field.as_str() {
            "at" => json!(1),
            "amount" => json!({"minor": 1, "currency": "USD"}),
            "kind" => json!("refund"),
            "app" => json!("com.example.other"),
            "terms" => json!("AAAA"),
            _ => json!(altered[field].as_str().unwrap().replace('0', "1")),
        };
        if altered == says {
            continue;
        }
        let mut envelope: Value = serde_json::from_str(receipt.as_str()).unwrap();
        envelope["payload"] = json!(STANDARD.encode(altered.to_string()));
        let answer = receipt::verify(&envelope.to_string(), &[key]);
        assert_eq!(answer, Err(ProofError::Signature), "{field}");
    }
}

#[tokio::test]
async fn another_hosts_receipt_is_told_apart_from_an_altered_one() {
    let (receipt, _) = receipt_of_tea().await;
    let (_, other) = receipt_of_tea().await;
    assert_eq!(
        receipt::verify(receipt.as_str(), &[other]),
        Err(ProofError::OtherKey)
    );
    // Two names for one key would be two answers to "who signed this".
    let keys = (0..=u8::MAX).map(|first| {
        let mut key = [0; 32];
        key[0] = first;
        key
    });
    let mut keys = keys.filter(|key| VerifyingKey::from_bytes(key).is_err());
    let not_a_point = keys.next().unwrap();
    let answer = receipt::verify(receipt.as_str(), &[not_a_point]);
    assert_eq!(answer, Err(ProofError::PublicKey));
}

#[tokio::test]
async fn an_unknown_statement_under_a_good_signature_is_not_read_as_a_known_one() {
    let signing = SigningKey::from_bytes(&[7; 32]);
    let key = signing.verifying_key().to_bytes();
    let sign = |payload: &str| {
        // DSSE, "Protocol", in its own words.
        let (kind, body) = (PAYLOAD_TYPE, payload);
        let pae = format!("DSSEv1 {} {kind} {} {body}", kind.len(), body.len());
        let sig = STANDARD.encode(signing.sign(pae.as_bytes()).to_bytes());
        let keyid = key_id(&key);
        json!({
            "payloadType": kind,
            "payload": STANDARD.encode(payload),
            "signatures": [{"keyid": keyid, "sig": sig}],
        })
        .to_string()
    };
    for unknown in [
        "{}",
        "[]",
        "1",
        "",
        r#"{"entry":"ent_00000000000000000000000001"}"#,
    ] {
        let answer = receipt::verify(&sign(unknown), &[key]);
        assert_eq!(answer, Err(ProofError::Statement), "{unknown}");
    }
    let good = json!({
        "entry": "ent_00000000000000000000000001",
        "at": 1,
        "kind": "deposit",
        "amount": {"minor": 750, "currency": "USD"},
        "payer": "acc_00000000000000000000000001",
        "payee": "acc_00000000000000000000000002",
    });
    assert!(receipt::verify(&sign(&good.to_string()), &[key]).is_ok());
    for (field, value) in [
        ("kind", json!("bribe")),
        ("more", json!(1)),
        (
            "amount",
            json!({"minor": 9_007_199_254_740_992_u64, "currency": "USD"}),
        ),
        ("amount", json!({"minor": 1, "currency": "QQQ"})),
        ("entry", json!("ord_00000000000000000000000001")),
    ] {
        let mut unknown = good.clone();
        unknown[field] = value;
        let answer = receipt::verify(&sign(&unknown.to_string()), &[key]);
        assert_eq!(answer, Err(ProofError::Statement), "{unknown}");
    }
}

/// The name of a key, computed here on its own.
fn key_id(key: &[u8; 32]) -> String {
    use sha2::{Digest, Sha256};
    STANDARD.encode(&Sha256::digest(key)[..16])
}

#[tokio::test]
async fn the_signature_is_plain_ed25519_over_dsses_encoding() {
    let (receipt, key) = receipt_of_tea().await;
    let envelope: Value = serde_json::from_str(receipt.as_str()).unwrap();
    let payload = STANDARD
        .decode(envelope["payload"].as_str().unwrap())
        .unwrap();
    let payload = String::from_utf8(payload).unwrap();
    let signed = format!(
        "DSSEv1 33 application/vnd.souk.receipt+json {} {payload}",
        payload.len()
    );
    let sig = STANDARD
        .decode(envelope["signatures"][0]["sig"].as_str().unwrap())
        .unwrap();
    let sig = ed25519_dalek::Signature::from_slice(&sig).unwrap();
    let key = VerifyingKey::from_bytes(&key).unwrap();
    assert!(key.verify_strict(signed.as_bytes(), &sig).is_ok());
}

/// A receipt as it was handed out when receipts were first made. It must verify for ever.
#[test]
fn a_receipt_of_the_first_day_still_verifies() {
    let signing = SigningKey::from_bytes(&[7; 32]);
    let key = signing.verifying_key().to_bytes();
    let says = receipt::verify(FIRST_DAY, &[key]).unwrap();
    expect![[r#"
        Statement {
            entry: ent_00000000000000000000000001,
            at: Timestamp(
                1795338000000,
            ),
            kind: Payment,
            amount: 7.50 USD,
            payer: acc_00000000000000000000000002,
            payee: acc_00000000000000000000000003,
            app: Some(
                com.example.tea,
            ),
            order: Some(
                ord_00000000000000000000000004,
            ),
            terms: Some(
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            ),
        }
    "#]]
    .assert_debug_eq(&says);
}

const FIRST_DAY: &str = concat!(
    r#"{"payloadType":"application/vnd.souk.receipt+json","payload":"eyJlbnRyeSI6ImVudF8wMDAwMD"#,
    r#"AwMDAwMDAwMDAwMDAwMDAwMDAwMSIsImF0IjoxNzk1MzM4MDAwMDAwLCJraW5kIjoicGF5bWVudCIsImFtb3VudC"#,
    r#"I6eyJtaW5vciI6NzUwLCJjdXJyZW5jeSI6IlVTRCJ9LCJwYXllciI6ImFjY18wMDAwMDAwMDAwMDAwMDAwMDAwMD"#,
    r#"AwMDAwMiIsInBheWVlIjoiYWNjXzAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAzIiwiYXBwIjoiY29tLmV4YW1wbG"#,
    r#"UudGVhIiwib3JkZXIiOiJvcmRfMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDQiLCJ0ZXJtcyI6IkFBRUNBd1FGQm"#,
    r#"djSUNRb0xEQTBPRHhBUkVoTVVGUllYR0JrYUd4d2RIaDg9In0=","signatures":[{"keyid":"/oEsEvOrTOas"#,
    r#"Xbaaw1L5Bg==","sig":"uBOpt+p7n/EzmQwlKB+6kvBoMtybvAHGejp3zh+61j44zR3ObobHCmpdlva6FitAJjN"#,
    r#"ghrx8U68jfMzFOe7nDw=="}]}"#,
);

#[test]
fn every_error_has_words_and_is_the_askers() {
    let errors = [
        ProofError::Form,
        ProofError::PayloadType,
        ProofError::PublicKey,
        ProofError::OtherKey,
        ProofError::Signature,
        ProofError::Statement,
        ProofError::Sums,
    ];
    let words: Vec<_> = errors.iter().map(ToString::to_string).collect();
    expect![[r#"
        this is no receipt and no statement; each is one JSON object, as `souk` printed it
        this is a signed envelope of something else
        this is not a public key of Ed25519
        it was signed with another key
        the signature does not fit: it was altered
        it says something this version of souk does not know
        the lines of the statement do not add up"#]]
    .assert_eq(&words.join("\n"));
    assert!(errors.iter().all(|error| error.blame() == Blame::User));
}

#[tokio::test]
async fn a_receipt_outlives_the_key_that_signed_it() {
    // The same host, before its signing key was changed and after.
    let (before, after) = (Book::new(), Book::new());
    let old = before.paid("ana", "5.00 USD", "cup").await;
    let old = issue(&before, &old.entry).await;
    let new = after.paid("ana", "5.00 USD", "cup").await;
    let new = issue(&after, &new.entry).await;
    let keys = [&before, &after].map(|book| book.store.keyring().public_key());
    for receipt in [&old, &new] {
        assert!(receipt::verify(receipt.as_str(), &keys).is_ok());
    }
    // Who has only the key of before cannot check what came after.
    assert!(receipt::verify(old.as_str(), &keys[..1]).is_ok());
    let answer = receipt::verify(new.as_str(), &keys[..1]);
    assert_eq!(answer, Err(ProofError::OtherKey));
}

#[tokio::test]
async fn there_is_no_receipt_of_money_that_was_only_set_aside() {
    let book = Book::new();
    book.deposit("ana", "5.00 USD", "d").await.unwrap();
    let ask = crate::order::Ask {
        authorize_only: true,
        last_look: false,
        ..tea("ana", "5.00 USD", "cup")
    };
    let id = book.open(&ask).await.unwrap().id;
    let held = &book.pay(id, "ana", "a").await.unwrap().entry;
    let issued = book.run(|txn| async move { receipt::issue(&txn, held).await });
    assert_eq!(issued.await, Err(crate::Refusal::UnknownEntry));
    let taken = book.capture(id, "tea", "4.00 USD").await.unwrap().entry;
    let says = receipt::verify(issue(&book, &taken).await.as_str(), &[key_of(&book)]);
    assert_eq!(says.unwrap().amount, money("4.00 USD"));
}
