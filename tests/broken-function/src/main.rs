//! A function that fails in the way that the request's body names. It tests the code that all functions
//! share.

use std::process::ExitCode;

use errors::Failure;
use lambda::http::{HttpHandler, HttpRequest, HttpResponse};

struct BrokenFunction;

impl HttpHandler for BrokenFunction {
    type Route = ();

    const ROUTES: &'static [(&'static str, ())] = &[("POST /v1/any", ())];

    #[expect(clippy::panic, reason = "tests need a function that panics")]
    async fn handle(&self, (): (), request: HttpRequest) -> Result<HttpResponse, Failure> {
        match request.body() {
            b"panic" => panic!("a secret"),
            b"never end" => std::future::pending().await,
            _ => Ok(HttpResponse::no_content()),
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::process::run(|_| Ok(BrokenFunction), lambda::http::run).await
}
