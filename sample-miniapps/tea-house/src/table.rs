//! A link to the menu, for each table: `/table 4`.

use souk_sdk::prelude::*;

/// What its start parameter begins with.
const PREFIX: &str = "table-";

/// Posts the link of a table.
pub fn link(arguments: &str) -> Result {
    let usage = || Failure::rejected("Write /table and its number, like /table 4.");
    let table: u8 = arguments.parse().map_err(|_| usage())?;
    let chat = Chat::current()?;
    let link = chat.link(&format!("{PREFIX}{table}"))?;
    chat.post(format!("Order at table {table}: {link}"))?;
    Ok(())
}

/// The table whose link was followed. Anybody can write another into a link, so it decides nothing.
pub fn of(command: &Command) -> Option<u8> {
    command.start_parameter().and_then(read)
}

fn read(start: &str) -> Option<u8> {
    start.strip_prefix(PREFIX)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_no_table_is_none() {
        assert_eq!(read("table-4"), Some(4));
        for wrong in ["", "4", "table-", "table-four", "table-300"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
