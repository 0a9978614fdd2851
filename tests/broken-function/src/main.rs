//! A function that goes wrong as a request's body tells it, for the tests of what all functions
//! have in common.

use std::process::ExitCode;

use errors::Failure;
use lambda::http::{Answer, Call, Function};

struct BrokenFunction;

impl Function for BrokenFunction {
    #[expect(clippy::panic, reason = "this is what it is for")]
    async fn answer(&self, call: Call) -> Result<Answer, Failure> {
        match call.body() {
            b"panic" => panic!("a secret"),
            b"never end" => std::future::pending().await,
            _ => Ok(Answer::no_content()),
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(|_| Ok(BrokenFunction), lambda::http::run).await
}
