use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::Method;
use serde_json::Value;
use tests::{AwsCall, AwsProxy, Caller, Reply, Stack};

/// One way through a function, whose calls to AWS are to go wrong.
pub(crate) struct Scenario {
    /// The routes that it stands for: more than one only where all are answered alike.
    pub(crate) routes: &'static [&'static str],
    /// What sets it apart from others of the same route.
    pub(crate) variant: &'static str,
    /// Brings a new stack so far that the request can be made.
    pub(crate) prepare: for<'a> fn(&'a Bench) -> BoxFuture<'a, Request>,
    /// The calls that go wrong.
    pub(crate) calls: Calls,
    /// Whether the request may be made again without doing more.
    pub(crate) repeatable: bool,
}

/// Which of a request's calls go wrong.
pub(crate) enum Calls {
    All,
    /// Those whose subjects hold one of these; another scenario of the route has the rest.
    With(&'static [&'static str]),
    /// The same, and only after a call whose subject holds the first.
    After(&'static str, &'static [&'static str]),
}

/// A new stack behind a proxy.
pub(crate) struct Bench {
    pub(crate) stack: Stack,
    pub(crate) aws: AwsProxy,
}

/// A request that can be made again and again.
pub(crate) struct Request(Box<dyn Fn() -> BoxFuture<'static, Reply> + Send + Sync>);

impl Bench {
    pub(crate) async fn new() -> Self {
        let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
        Self { stack, aws }
    }
}

impl Calls {
    /// Those that are meant of a request's calls, in the order of its round trips.
    pub(crate) fn among(&self, trips: Vec<Vec<AwsCall>>) -> Vec<AwsCall> {
        let is_first = |call: &AwsCall| match self {
            Self::After(first, _) => call.subject().contains(first),
            Self::All | Self::With(_) => true,
        };
        let begun = trips
            .into_iter()
            .skip_while(|trip| !trip.iter().any(is_first));
        let in_order = begun.flat_map(|mut trip| {
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

    /// What holds of a call with this subject, which comes after all calls that are asked about
    /// before it.
    pub(crate) fn are(&self, subject: &str) -> impl FnMut(&AwsCall) -> bool + Send + 'static {
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
        make: impl Fn() -> BoxFuture<'static, Reply> + Send + Sync + 'static,
    ) -> Self {
        Self(Box::new(make))
    }

    /// One over HTTP, without a body where that is `null`.
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

    pub(crate) async fn make(&self) -> Reply {
        (self.0)().await
    }
}
