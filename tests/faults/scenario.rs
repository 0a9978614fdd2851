use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::Method;
use serde_json::Value;
use tests::{AwsCall, AwsProxy, Caller, Reply, Stack};

/// The beginning of the name of an event that is listed as a route.
pub(crate) const EVENT: &str = "EVENT ";

/// A request to a function whose calls to AWS get faults.
pub(crate) struct Scenario {
    /// The routes that the scenario covers. They are several only if their responses are the same.
    pub(crate) routes: &'static [&'static str],
    /// The difference from other scenarios of the same route.
    pub(crate) variant: &'static str,
    /// Prepares a new stack for the request.
    pub(crate) prepare: for<'a> fn(&'a Fixture) -> BoxFuture<'a, Request>,
    /// The calls that get faults.
    pub(crate) calls: Calls,
    /// Whether a second request changes nothing.
    pub(crate) repeatable: bool,
}

/// Which of a request's calls get faults.
pub(crate) enum Calls {
    All,
    /// Those whose subjects contain one of these. Another scenario of the route covers the rest.
    With(&'static [&'static str]),
    /// The same, but only after a call whose subject contains the first text.
    After(&'static str, &'static [&'static str]),
}

/// A new stack behind a proxy.
pub(crate) struct Fixture {
    pub(crate) stack: Stack,
    pub(crate) aws: AwsProxy,
}

/// A request that can be sent several times.
pub(crate) struct Request(Box<dyn Fn() -> BoxFuture<'static, Reply> + Send + Sync>);

impl Scenario {
    /// Whether it is the delivery of an event, and not an HTTP request.
    pub(crate) fn is_event(&self) -> bool {
        self.routes.iter().any(|route| route.starts_with(EVENT))
    }
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        let options = Stack::options_for_platforms();
        let (stack, aws) = Stack::start_behind_proxy(options).await;
        Self { stack, aws }
    }
}

impl Calls {
    /// The selected calls of a request, in the order of its round trips.
    pub(crate) fn select(&self, trips: Vec<Vec<AwsCall>>) -> Vec<AwsCall> {
        let is_first = |call: &AwsCall| match self {
            Self::After(first, _) => call.subject().contains(first),
            Self::All | Self::With(_) => true,
        };
        let started = trips
            .into_iter()
            .skip_while(|trip| !trip.iter().any(is_first));
        let in_order = started.flat_map(|mut trip| {
            trip.sort_by_key(AwsCall::subject);
            trip
        });
        in_order
            .filter(|call| self.include(&call.subject()))
            .collect()
    }

    fn include(&self, subject: &str) -> bool {
        match self {
            Self::All => true,
            Self::With(parts) | Self::After(_, parts) => {
                parts.iter().any(|part| subject.contains(part))
            }
        }
    }

    /// A predicate for the selected calls with this subject. It must be given every call in order.
    pub(crate) fn with_subject(
        &self,
        subject: &str,
    ) -> impl FnMut(&AwsCall) -> bool + Send + 'static {
        let subject = subject.to_owned();
        let mut first = match self {
            Self::All | Self::With(_) => None,
            Self::After(first, _) => Some(*first),
        };
        move |call| {
            let own = call.subject();
            if first.is_some_and(|first| own.contains(first)) {
                first = None;
            }
            first.is_none() && own == subject
        }
    }
}

impl Request {
    pub(crate) fn new(
        send: impl Fn() -> BoxFuture<'static, Reply> + Send + Sync + 'static,
    ) -> Self {
        Self(Box::new(send))
    }

    /// An HTTP request. It has no body if `body` is `null`.
    pub(crate) fn http(caller: Caller, method: Method, path: &str, body: Value) -> Self {
        Self::with_headers(caller, method, path, body, &[])
    }

    /// A POST with an idempotency key.
    pub(crate) fn keyed(caller: Caller, path: &str, body: Value) -> Self {
        Self::with_headers(
            caller,
            Method::POST,
            path,
            body,
            &[("idempotency-key", "k")],
        )
    }

    fn with_headers(
        caller: Caller,
        method: Method,
        path: &str,
        body: Value,
        headers: &'static [(&'static str, &'static str)],
    ) -> Self {
        let path = path.to_owned();
        Self::new(move || {
            let mut request = caller.request(method.clone(), &path);
            if !body.is_null() {
                request = request.json(&body);
            }
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            Reply::of(request).boxed()
        })
    }

    pub(crate) async fn send(&self) -> Reply {
        (self.0)().await
    }
}
