//! Sends any JSON as a Lambda event to any function. The function returns an HTTP status and never panics. An
//! event that is not one of an HTTP API is a fault, so 500 is allowed here.
#![no_main]

use std::cell::OnceCell;

use fuzz::Functions;
use lambda::http::GatewayEvent;
use libfuzzer_sys::{Corpus, fuzz_target};

thread_local! {
    static FUNCTIONS: OnceCell<Functions> = const { OnceCell::new() };
}

fuzz_target!(|input: &[u8]| -> Corpus {
    let Ok(event) = str::from_utf8(input) else {
        return Corpus::Reject;
    };
    if serde_json::from_str::<GatewayEvent>(event).is_err() {
        return Corpus::Reject;
    }
    FUNCTIONS.with(|functions| {
        let functions = functions.get_or_init(Functions::start);
        // The length of the input selects the function.
        let names = functions.names();
        let status = functions
            .answer(names[input.len() % names.len()], event)
            .status_code;
        assert!((200..600).contains(&status), "{status}");
        Corpus::Keep
    })
});
