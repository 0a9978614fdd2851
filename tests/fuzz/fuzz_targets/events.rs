//! Any JSON as a Lambda event, to any function: the response has an HTTP status, and no function panics.
//! The status may be 500, because the event may not come from an HTTP API.
#![no_main]

use std::cell::OnceCell;

use fuzz::Functions;
use lambda::http::GatewayEvent;
use libfuzzer_sys::{Corpus, fuzz_target};

thread_local! {
    static FUNCTIONS: OnceCell<Functions> = const { OnceCell::new() };
}

fuzz_target!(|input: &[u8]| -> Corpus {
    let Ok(event) = serde_json::from_slice::<GatewayEvent>(input) else {
        return Corpus::Reject;
    };
    // The length chooses the function.
    let name = Functions::NAMES[input.len() % Functions::NAMES.len()];
    FUNCTIONS.with(|functions| {
        let functions = functions.get_or_init(Functions::start);
        let status = functions.invoke(name, &event).status_code;
        assert!((200..600).contains(&status), "{status}");
        Corpus::Keep
    })
});
