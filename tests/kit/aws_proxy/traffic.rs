use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::request::Parts;
use axum::http::{Request, header};
use axum::response::Response;
use futures_util::stream;
use hyper::body::Incoming;
use tokio::net::TcpSocket;

use crate::aws_proxy::mixing::Mixer;
use crate::aws_proxy::units::{Units, consumed_units, request_units};
use crate::aws_proxy::unprocessed::leave_unprocessed;
use crate::aws_proxy::{AwsCall, FaultInjection};
use crate::dynamodb_endpoint;

/// While round trips are counted, each reply is delayed by [`STEPS`] times [`STEP`], so that all
/// concurrent calls of a function start before the first one ends. Between the steps all ready tasks
/// run, also on a busy machine.
const STEPS: usize = 10;
const STEP: Duration = Duration::from_millis(15);

/// Forwards calls, and records them.
#[derive(Default)]
pub(super) struct Traffic {
    upstream: OnceLock<String>,
    http: reqwest::Client,
    log: Mutex<Log>,
}

/// The calls so far, and the rules for the next ones.
#[derive(Default)]
pub(super) struct Log {
    pub(super) calls: Vec<AwsCall>,
    pub(super) rules: Vec<Rule>,
    /// Mixes the reasons of refused transactions, if a test asks for it.
    pub(super) mixer: Option<Mixer>,
    /// Whether each reply is delayed.
    pub(super) delays_replies: bool,
    /// Whether calls request their consumed capacity.
    pub(super) meters: bool,
    /// The number of starts and ends of calls so far.
    moments: usize,
}

/// A fault that is injected into the next `times` calls that `which` selects.
pub(super) struct Rule {
    pub(super) times: usize,
    pub(super) which: Box<dyn FnMut(&AwsCall) -> bool + Send>,
    pub(super) fault: FaultInjection,
}

/// The error that makes hyper close the connection instead of sending a reply.
#[derive(Debug, thiserror::Error)]
#[error("fault injection closed the connection instead of sending the reply")]
pub(super) struct NoReply;

impl Traffic {
    /// Sets the URL to which calls are forwarded.
    pub(super) fn forward_to(&self, upstream: &str) {
        self.upstream
            .set(upstream.to_owned())
            .expect("forward_to is called once");
    }

    pub(super) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap()
    }

    /// The seed for mixing cancellation reasons, if they are mixed at random.
    pub(super) fn mixing_seed(&self) -> Option<u64> {
        // The seed is also available if a rule panicked.
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.mixer.as_ref().and_then(Mixer::seed)
    }

    /// Forwards a call from `connection`, or injects the fault of a rule.
    pub(super) async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
        connection: Arc<TcpSocket>,
    ) -> Result<Response, NoReply> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(Body::new(body), usize::MAX).await;
        // The client may disconnect during its request.
        let body = body.map_err(|_| NoReply)?;
        let (call, fault) = self.log().begin(&parts, &body);
        let answer = match fault {
            None => self.forward(parts, body).await,
            Some(FaultInjection::Refuse(error)) => Ok(error.in_reply_to(&call)),
            Some(FaultInjection::LoseRequest) => Err(NoReply),
            Some(FaultInjection::ResetRequest) => Err(reset(&connection)),
            Some(FaultInjection::LoseReply) => self.forward(parts, body).await.and(Err(NoReply)),
            Some(FaultInjection::ResetReply) => {
                let answer = self.forward(parts, body).await;
                answer.and_then(|_| Err(reset(&connection)))
            }
            Some(FaultInjection::HalveReply) => match self.forward(parts, body).await {
                Ok(answer) => Ok(halve(answer).await),
                Err(no_reply) => Err(no_reply),
            },
            Some(FaultInjection::WithholdReply) => {
                // The reply is discarded.
                let _ = self.forward(parts, body).await;
                std::future::pending().await
            }
            Some(FaultInjection::LeaveUnprocessed(text)) => match self.forward(parts, body).await {
                Ok(answer) => Ok(leave_unprocessed(answer, &call, text).await),
                Err(no_reply) => Err(no_reply),
            },
            Some(FaultInjection::HoldWhileConnected(held)) => {
                held.wait().await;
                self.forward(parts, body).await
            }
            Some(FaultInjection::HoldDetached(held)) => {
                let traffic = Arc::clone(&self);
                let forwarding = tokio::spawn(async move {
                    held.wait().await;
                    let answer = traffic.forward(parts, body).await;
                    held.has_passed();
                    answer
                });
                forwarding.await.expect("no panic")
            }
        };
        let delays_replies = self.log().delays_replies;
        if delays_replies {
            for _ in 0..STEPS {
                tokio::time::sleep(STEP).await;
            }
        }
        let units = answer.as_ref().ok();
        let units = units.and_then(|reply| reply.extensions().get::<Units>().copied());
        let status = answer.as_ref().ok().map(|reply| reply.status().as_u16());
        self.log().end(&call, units, status);
        answer
    }

    async fn forward(&self, mut parts: Parts, body: Bytes) -> Result<Response, NoReply> {
        let is_for_dynamodb = parts.headers.contains_key("x-amz-target");
        let upstream = match dynamodb_endpoint::override_url() {
            Some(url) if is_for_dynamodb => url,
            _ => self.upstream.get().expect("the stack has started").clone(),
        };
        parts.headers.remove(header::HOST);
        let meters = is_for_dynamodb && self.log().meters;
        let body = if meters {
            parts.headers.remove(header::CONTENT_LENGTH);
            request_units(&body)
        } else {
            body
        };
        let request = self
            .http
            .request(parts.method, format!("{upstream}{}", parts.uri))
            .headers(parts.headers)
            .body(body);
        // The SES emulator can also lose replies by fault injection.
        let answer = request.send().await.map_err(|_| NoReply)?;
        let (status, mut headers) = (answer.status(), answer.headers().clone());
        let mut body = answer.bytes().await.expect("a complete reply");
        let mixed = self.log().mixer.as_mut().and_then(|mixer| mixer.mix(&body));
        if let Some(mixed) = mixed.filter(|_| is_for_dynamodb) {
            headers.remove(header::CONTENT_LENGTH);
            headers.remove("x-amz-crc32");
            body = mixed;
        }
        let units = meters.then(|| consumed_units(&body)).flatten();
        let mut response = Response::new(Body::from(body));
        if let Some(units) = units {
            response.extensions_mut().insert(units);
        }
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

/// Makes the connection end with a reset.
fn reset(connection: &TcpSocket) -> NoReply {
    connection.set_zero_linger().expect("SO_LINGER is set");
    NoReply
}

/// A response with the length of the whole body that ends in the middle of it.
async fn halve(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a complete reply");
    parts.headers.remove(header::TRANSFER_ENCODING);
    parts
        .headers
        .insert(header::CONTENT_LENGTH, body.len().into());
    let half = body.slice(..body.len() / 2);
    let body = Body::from_stream(stream::iter([Ok(half), Err(NoReply)]));
    Response::from_parts(parts, body)
}

impl Log {
    fn begin(&mut self, parts: &Parts, body: &[u8]) -> (AwsCall, Option<FaultInjection>) {
        let call = AwsCall::new(parts, body, self.next_moment());
        self.calls.push(call.clone());
        let rule = self
            .rules
            .iter_mut()
            .filter(|rule| rule.times > 0)
            .find_map(|rule| (rule.which)(&call).then_some(rule));
        let fault = rule.map(|rule| {
            rule.times -= 1;
            rule.fault.clone()
        });
        (call, fault)
    }

    fn end(&mut self, call: &AwsCall, units: Option<Units>, status: Option<u16>) {
        let moment = self.next_moment();
        // The test may have cleared the calls.
        let same = self
            .calls
            .iter_mut()
            .find(|other| other.began == call.began);
        if let Some(call) = same {
            call.ended = Some(moment);
            call.units = units.map(|Units(units)| units);
            call.status = status;
        }
    }

    fn next_moment(&mut self) -> usize {
        self.moments += 1;
        self.moments
    }
}
