//! A request that passed the gateway, to any route: path, query, headers, claims and body.
//!
//! The AWS emulator has every requested item, so a well-formed request runs to its end. No input causes
//! a server error, accesses another organisation's items or forges a mail header.
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
        check_response(&functions.invoke(written.function(), &written.event()));
        Corpus::Keep
    })
});
