//! Any JSON as a Lambda event, to any function: it is answered with a status of HTTP, and never with a
//! panic. What is no HTTP API's event at all is a fault, so 500 is an answer here.
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
    // Each length goes to one function.
    let name = Functions::NAMES[input.len() % Functions::NAMES.len()];
    FUNCTIONS.with(|functions| {
        let functions = functions.get_or_init(Functions::start);
        let status = functions.answer(name, &event).status_code;
        assert!((200..600).contains(&status), "{status}");
        Corpus::Keep
    })
});
