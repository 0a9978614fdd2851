//! A proxy between the functions and the AWS emulators.

mod call;
mod fault_injection;
mod mixing;
mod subject;
mod traffic;
mod units;
mod unprocessed;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use local::Options;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;

use crate::{Stack, dynamodb_endpoint};
use mixing::Mixer;
use traffic::{Rule, Traffic};

use fault_injection::PATIENCE;

pub use call::AwsCall;
pub use fault_injection::{AwsError, FaultInjection, Held};
pub use mixing::Conflicting;

/// The interval at which the recorded calls are checked.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// A proxy between the functions and the AWS emulators. It records each call, and injects faults.
pub struct AwsProxy {
    address: SocketAddr,
    traffic: Arc<Traffic>,
    state: Mutex<State>,
}

/// Whether connections are accepted. The proxy keeps its port in every state.
enum State {
    Accepting(JoinHandle<()>),
    Refusing(TcpSocket),
    Changing,
}

impl Stack {
    /// Starts a stack with these options whose functions call AWS through a proxy.
    pub async fn start_behind_proxy(mut options: Options) -> (Self, AwsProxy) {
        let aws = AwsProxy::bind().await;
        options.variables.remove(dynamodb_endpoint::VARIABLE);
        let stack = Self::start_with(Options {
            aws_endpoint: Some(aws.url()),
            ..options
        })
        .await;
        aws.traffic.forward_to(stack.url());
        (stack, aws)
    }
}

impl AwsProxy {
    async fn bind() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let traffic = Arc::<Traffic>::default();
        let accepting = tokio::spawn(accept(listener, Arc::clone(&traffic)));
        Self {
            address,
            traffic,
            state: Mutex::new(State::Accepting(accepting)),
        }
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The calls so far, in the order of their starts.
    pub fn calls(&self) -> Vec<AwsCall> {
        self.traffic.log().calls.clone()
    }

    /// The number of calls so far that `which` selects.
    pub fn count(&self, which: impl FnMut(&&AwsCall) -> bool) -> usize {
        self.traffic.log().calls.iter().filter(which).count()
    }

    /// Waits until a call that `which` selects has a reply.
    ///
    /// # Panics
    /// If there is none.
    pub async fn wait_for_reply(&self, mut which: impl FnMut(&AwsCall) -> bool) {
        self.until(|calls| {
            calls
                .iter()
                .any(|call| call.status.is_some() && which(call))
        })
        .await;
    }

    /// Waits until there are `count` calls that `which` selects.
    ///
    /// # Panics
    /// If there are fewer.
    pub async fn wait_for_calls(&self, count: usize, mut which: impl FnMut(&AwsCall) -> bool) {
        self.until(|calls| calls.iter().filter(|call| which(call)).count() >= count)
            .await;
    }

    async fn until(&self, mut is_so: impl FnMut(&[AwsCall]) -> bool) {
        let waiting = async {
            while !is_so(&self.traffic.log().calls) {
                tokio::time::sleep(POLL_INTERVAL).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        waited.expect("the calls are made");
    }

    /// The maximum number of concurrent calls so far that `which` selects.
    pub fn most_at_once(&self, which: impl FnMut(&&AwsCall) -> bool) -> usize {
        call::most_at_once(self.log_of(which))
    }

    fn log_of(&self, which: impl FnMut(&&AwsCall) -> bool) -> Vec<AwsCall> {
        let log = self.traffic.log();
        log.calls.iter().filter(which).cloned().collect()
    }

    /// From now on, calls request their consumed capacity from DynamoDB.
    pub fn meter(&self) {
        self.traffic.log().meters = true;
    }

    /// Clears the calls so far.
    pub fn forget(&self) {
        self.traffic.log().calls.clear();
    }

    /// Injects `fault` into the next `times` calls that `which` selects.
    pub fn inject(
        &self,
        times: usize,
        which: impl FnMut(&AwsCall) -> bool + Send + 'static,
        fault: FaultInjection,
    ) {
        self.traffic.log().rules.push(Rule {
            times,
            which: Box::new(which),
            fault,
        });
    }

    /// Like [`Self::inject`], with precedence over the faults that were injected before.
    pub fn inject_before_others(
        &self,
        times: usize,
        which: impl FnMut(&AwsCall) -> bool + Send + 'static,
        fault: FaultInjection,
    ) {
        let rule = Rule {
            times,
            which: Box::new(which),
            fault,
        };
        self.traffic.log().rules.insert(0, rule);
    }

    /// Injects `fault` into every call that `which` selects.
    pub fn inject_always(
        &self,
        which: impl FnMut(&AwsCall) -> bool + Send + 'static,
        fault: FaultInjection,
    ) {
        self.inject(usize::MAX, which, fault);
    }

    /// Makes the next call that `which` selects wait.
    pub fn hold(&self, which: impl FnMut(&AwsCall) -> bool + Send + 'static) -> Held {
        let held = Held::default();
        self.inject(1, which, FaultInjection::HoldWhileConnected(held.clone()));
        held
    }

    /// Reports conflicts for some items of each transaction that DynamoDB refuses because of a
    /// condition. The seed is printed if the test fails.
    pub fn mix_cancellation_reasons(&self, which: Conflicting) {
        self.traffic.log().mixer = Some(Mixer::new(which));
    }

    /// Injects no more faults.
    pub fn stop_faults(&self) {
        let mut log = self.traffic.log();
        log.rules.clear();
        log.mixer = None;
    }

    /// The output of `doing`, and the number of its sequential round trips to AWS.
    pub async fn round_trips<T>(&self, doing: impl Future<Output = T>) -> (T, usize) {
        let (done, trips) = self.calls_by_round_trip(doing).await;
        (done, trips.len())
    }

    /// The output of `doing`, and its calls to AWS. Concurrent calls are in one round trip. An attempt
    /// that the SDK abandoned and retried, as on a busy machine, is not included.
    pub async fn calls_by_round_trip<T>(
        &self,
        doing: impl Future<Output = T>,
    ) -> (T, Vec<Vec<AwsCall>>) {
        self.forget();
        self.traffic.log().delays_replies = true;
        let done = doing.await;
        self.traffic.log().delays_replies = false;
        (
            done,
            call::round_trips(self.log_of(|call| call.ended.is_some())),
        )
    }

    /// Refuses new connections, and keeps the existing ones.
    pub async fn refuse_connections(&self) {
        let State::Accepting(accepting) = self.change_state(State::Changing) else {
            panic!("connections are already refused");
        };
        accepting.abort();
        // The task owns the listener, so this closes it.
        let _ = accepting.await;
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_reuseaddr(true).expect("SO_REUSEADDR is set");
        socket.bind(self.address).expect("the port is still free");
        self.change_state(State::Refusing(socket));
    }

    /// Accepts connections again.
    pub fn accept_connections(&self) {
        let State::Refusing(socket) = self.change_state(State::Changing) else {
            panic!("connections are already accepted");
        };
        let listener = socket.listen(64).expect("a bound socket listens");
        let accepting = tokio::spawn(accept(listener, Arc::clone(&self.traffic)));
        self.change_state(State::Accepting(accepting));
    }

    fn change_state(&self, state: State) -> State {
        std::mem::replace(&mut *self.state.lock().unwrap(), state)
    }
}

impl Drop for AwsProxy {
    #[expect(clippy::print_stderr, reason = "the seed reproduces the failure")]
    fn drop(&mut self) {
        if thread::panicking()
            && let Some(seed) = self.traffic.mixing_seed()
        {
            eprintln!("cancellation reasons were mixed by the seed {seed}");
        }
    }
}

async fn accept(listener: TcpListener, traffic: Arc<Traffic>) {
    loop {
        let (stream, _) = listener.accept().await.expect("a connection is accepted");
        stream.set_nodelay(true).expect("TCP_NODELAY is set");
        let (stream, connection) = share(stream);
        let traffic = Arc::clone(&traffic);
        tokio::spawn(async move {
            let service =
                service_fn(|request| Arc::clone(&traffic).answer(request, Arc::clone(&connection)));
            // An error here is an injected fault, or a client that disconnected.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// A connection and a second handle of it, because hyper owns the first one. The connection ends when
/// both are dropped.
fn share(stream: TcpStream) -> (TcpStream, Arc<TcpSocket>) {
    let stream = stream.into_std().expect("a socket");
    let handle = stream.try_clone().expect("a second handle");
    let stream = TcpStream::from_std(stream).expect("a socket");
    (stream, Arc::new(TcpSocket::from_std_stream(handle)))
}
