//! Sends any request that the gateway accepts, to any route: path, query, headers, claims and body.
//!
//! Each item and each identity exists in AWS, so a valid request is processed to its end. No input causes a fault,
//! reaches another organisation's items or forges a mail's header.
#![no_main]

use std::cell::OnceCell;

use fuzz::{Functions, WrittenRequest, check_response};
use libfuzzer_sys::{Corpus, fuzz_target};

thread_local! {
    static FUNCTIONS: OnceCell<Functions> = const { OnceCell::new() };
}

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some(written) = WrittenRequest::parse(input) else {
        return Corpus::Reject;
    };
    FUNCTIONS.with(|functions| {
        let functions = functions.get_or_init(Functions::start);
        check_response(&functions.answer(written.function(), &written.event()));
        Corpus::Keep
    })
});
