//! Secrets in what a run leaves behind.

use super::ConfigCtx;
use crate::outcome::End;

#[test]
fn what_was_shown_is_struck_out_wherever_it_stands() {
    let mut config = ConfigCtx::default();
    config.show("sk_live");
    config.show("sk_live_1234\nsecond line");
    config.show("abc");
    let strike = |text: &str| config.strike(text.to_owned());
    assert_eq!(strike("key=sk_live_1234."), "key=(secret).");
    assert_eq!(strike("sk_live sk_live"), "(secret) (secret)");
    assert_eq!(strike("the second line"), "the (secret)");
    assert_eq!(strike("abc"), "abc", "too short to be one");
    let end = End::Rejected("wrong key sk_live".to_owned());
    assert_eq!(
        config.struck_from(end),
        End::Rejected("wrong key (secret)".to_owned())
    );
}
