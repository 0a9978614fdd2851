//! Two times, one on each line. A parsed time is formatted as RFC 3339 in UTC with three decimals, is
//! parsed back to the same time, and sorts like its text.
#![no_main]

use domain::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (first, second) = text.split_once('\n').unwrap_or((text, ""));
    let (Some(first), Some(second)) = (read(first), read(second)) else {
        return;
    };
    assert_eq!(
        first.cmp(&second),
        first.to_string().cmp(&second.to_string())
    );
    let seconds = first.seconds_until(second);
    assert!(first > second || first.plus_seconds(seconds.try_into().unwrap()) >= second);
});

fn read(text: &str) -> Option<Timestamp> {
    let moment = Timestamp::parse(text).ok()?;
    let shown = moment.to_string();
    assert_eq!(shown.len(), "1970-01-01T00:00:00.000Z".len(), "{shown}");
    assert!(
        shown.ends_with('Z') && shown >= "1970".to_owned(),
        "{shown}"
    );
    assert_eq!(Timestamp::parse(&shown).unwrap(), moment, "{text:?}");
    assert_eq!(
        Timestamp::from_epoch_milliseconds(moment.epoch_milliseconds()),
        Some(moment)
    );
    Some(moment)
}
