//! A request that the gateway let pass, to any route: paths, query, headers, claims and body.
//!
//! AWS has all that is asked for, so a well-formed request runs to its end. No input makes a fault,
//! reaches another organisation's items or forges a mail's header.
#![no_main]

use std::cell::OnceCell;

use fuzz::{Functions, WrittenRequest, check_answer};
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
        check_answer(&functions.answer(written.function(), &written.event()));
        Corpus::Keep
    })
});
