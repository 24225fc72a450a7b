//! What was sold, in all chats together. Counters are added to without being read, so cups served
//! at the same moment in many chats never wait for each other.

use souk_sdk::prelude::*;

const CUPS: &str = "cups";
const TAKEN: &str = "taken/USD";
const RETURNED: &str = "returned/USD";

/// So many cups were sold for so much.
pub fn sold(cups: u32, takings: Money) -> Result {
    let app = Bucket::app()?;
    app.add(CUPS, cups.into())?;
    Ok(app.add(TAKEN, takings.minor().cast_signed())?)
}

/// So much was given back.
pub fn returned(amount: Money) -> Result {
    Ok(Bucket::app()?.add(RETURNED, amount.minor().cast_signed())?)
}

/// Posts what was sold so far.
pub fn show() -> Result {
    let app = Bucket::app()?;
    let (taken, returned) = (dollars(app.count(TAKEN)?)?, dollars(app.count(RETURNED)?)?);
    Chat::current()?.post(sentence(app.count(CUPS)?, taken, returned))?;
    Ok(())
}

fn dollars(cents: i64) -> Result<Money> {
    Ok(Money::new(cents.unsigned_abs(), Currency::USD)?)
}

fn sentence(cups: i64, taken: Money, returned: Money) -> String {
    let cups = if cups == 1 {
        "1 cup".to_owned()
    } else {
        format!("{cups} cups")
    };
    format!("Sold so far: {cups} for {taken}, of which {returned} went back")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tally_reads_as_a_sentence() {
        let nothing = sentence(0, Money::usd(0), Money::usd(0));
        assert_eq!(
            nothing,
            "Sold so far: 0 cups for 0.00 USD, of which 0.00 USD went back"
        );
        let one = sentence(1, Money::usd(350), Money::usd(150));
        assert_eq!(
            one,
            "Sold so far: 1 cup for 3.50 USD, of which 1.50 USD went back"
        );
    }
}
