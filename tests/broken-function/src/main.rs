//! A function that goes wrong as a request's body tells it, for the tests of what all functions
//! have in common.

use std::process::ExitCode;

use errors::Failure;
use lambda::http::{HttpHandler, HttpRequest, HttpResponse};

struct BrokenFunction;

impl HttpHandler for BrokenFunction {
    type Route = ();

    const ROUTES: &'static [(&'static str, ())] = &[("POST /v1/any", ())];

    #[expect(clippy::panic, reason = "this is what it is for")]
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
