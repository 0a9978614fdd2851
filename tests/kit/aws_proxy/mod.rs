//! A proxy between the functions and the stand-ins for AWS.

mod call;
mod fault_injection;
mod mixing;
mod subject;
mod traffic;
mod units;

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

use crate::{Stack, engine};
use mixing::Mixer;
use traffic::{Rule, Traffic};

use fault_injection::PATIENCE;

pub use call::AwsCall;
pub use fault_injection::{AwsError, FaultInjection, Held};
pub use mixing::Conflicting;

/// How often it is looked whether a call has come.
const MOMENT: Duration = Duration::from_millis(5);

/// Stands between the functions and the stand-ins for AWS: writes each call down, and injects_faults with
/// those that it is told to meddle with.
pub struct AwsProxy {
    address: SocketAddr,
    traffic: Arc<Traffic>,
    door: Mutex<Door>,
}

/// Whether connections are taken. The port stays the proxy's own either way.
enum Door {
    Open(JoinHandle<()>),
    Closed(TcpSocket),
    Moving,
}

impl Stack {
    /// A stack as `options` say whose functions reach AWS through a proxy.
    pub async fn start_behind_proxy(mut options: Options) -> (Self, AwsProxy) {
        let aws = AwsProxy::bind().await;
        options.variables.remove(engine::ENDPOINT);
        let stack = Self::start_with(Options {
            aws_endpoint: Some(aws.url()),
            ..options
        })
        .await;
        aws.traffic.lead_to(stack.url());
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
            door: Mutex::new(Door::Open(accepting)),
        }
    }

    /// Where the functions find it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The calls so far, in the order in which they began.
    pub fn calls(&self) -> Vec<AwsCall> {
        self.traffic.log().calls.clone()
    }

    /// How many calls so far there are of which `which` is true.
    pub fn count(&self, which: impl FnMut(&&AwsCall) -> bool) -> usize {
        self.traffic.log().calls.iter().filter(which).count()
    }

    /// Waits until a call of which `which` is true has been answered.
    ///
    /// # Panics
    /// Where none is.
    pub async fn answered(&self, mut which: impl FnMut(&AwsCall) -> bool) {
        self.until(|calls| {
            calls
                .iter()
                .any(|call| call.status.is_some() && which(call))
        })
        .await;
    }

    /// Waits until there are so many calls of which `which` is true.
    ///
    /// # Panics
    /// Where they do not come.
    pub async fn reached(&self, count: usize, mut which: impl FnMut(&AwsCall) -> bool) {
        self.until(|calls| calls.iter().filter(|call| which(call)).count() >= count)
            .await;
    }

    async fn until(&self, mut is_so: impl FnMut(&[AwsCall]) -> bool) {
        let waiting = async {
            while !is_so(&self.traffic.log().calls) {
                tokio::time::sleep(MOMENT).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        waited.expect("the calls come");
    }

    /// How many calls so far of which `which` is true were on their way at once, at most.
    pub fn most_at_once(&self, which: impl FnMut(&&AwsCall) -> bool) -> usize {
        call::most_at_once(self.log_of(which))
    }

    fn log_of(&self, which: impl FnMut(&&AwsCall) -> bool) -> Vec<AwsCall> {
        let log = self.traffic.log();
        log.calls.iter().filter(which).cloned().collect()
    }

    /// From now on DynamoDB is asked what each call consumes.
    pub fn meter(&self) {
        self.traffic.log().meters = true;
    }

    /// Forgets the calls so far.
    pub fn forget(&self) {
        self.traffic.log().calls.clear();
    }

    /// Does `fault` to the next so many calls of which `which` is true.
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

    /// The same, before anything else that is done to them.
    pub fn meddle_first(
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

    /// Does `fault` to every call of which `which` is true.
    pub fn inject_always(
        &self,
        which: impl FnMut(&AwsCall) -> bool + Send + 'static,
        fault: FaultInjection,
    ) {
        self.inject(usize::MAX, which, fault);
    }

    /// Makes the next call of which `which` is true wait.
    pub fn hold(&self, which: impl FnMut(&AwsCall) -> bool + Send + 'static) -> Held {
        let held = Held::default();
        self.inject(1, which, FaultInjection::Hold(held.clone()));
        held
    }

    /// Reports conflicts for other items of each transaction that DynamoDB refuses because of a
    /// condition. A seed is printed if the test fails.
    pub fn mix_cancellation_reasons(&self, which: Conflicting) {
        self.traffic.log().mixer = Some(Mixer::new(which));
    }

    /// Leaves all further calls alone.
    pub fn stop_faults(&self) {
        let mut log = self.traffic.log();
        log.rules.clear();
        log.mixer = None;
    }

    /// What `doing` gives, and how many round trips to AWS it makes, one after the other.
    pub async fn round_trips<T>(&self, doing: impl Future<Output = T>) -> (T, usize) {
        let (done, trips) = self.calls_by_round_trip(doing).await;
        (done, trips.len())
    }

    /// What `doing` gives, and the calls to AWS that it makes: together those that it makes side by
    /// side. An attempt that the SDK gave up on a busy machine, and made again, is left out.
    pub async fn calls_by_round_trip<T>(
        &self,
        doing: impl Future<Output = T>,
    ) -> (T, Vec<Vec<AwsCall>>) {
        self.forget();
        self.traffic.log().holds_back = true;
        let done = doing.await;
        self.traffic.log().holds_back = false;
        (
            done,
            call::round_trips(self.log_of(|call| call.ended.is_some())),
        )
    }

    /// Refuses new connections; those that stand stay.
    pub async fn refuse_connections(&self) {
        let Door::Open(accepting) = self.move_door_to(Door::Moving) else {
            panic!("connections are refused already");
        };
        accepting.abort();
        // The listener is gone with its task.
        let _ = accepting.await;
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_reuseaddr(true).expect("an option of sockets");
        socket.bind(self.address).expect("the port is still free");
        self.move_door_to(Door::Closed(socket));
    }

    /// Takes connections again.
    pub fn accept_connections(&self) {
        let Door::Closed(socket) = self.move_door_to(Door::Moving) else {
            panic!("connections are taken already");
        };
        let listener = socket.listen(64).expect("a bound socket listens");
        let accepting = tokio::spawn(accept(listener, Arc::clone(&self.traffic)));
        self.move_door_to(Door::Open(accepting));
    }

    fn move_door_to(&self, door: Door) -> Door {
        std::mem::replace(&mut *self.door.lock().unwrap(), door)
    }
}

impl Drop for AwsProxy {
    #[expect(
        clippy::print_stderr,
        reason = "whoever reads the failure repeats it by the seed"
    )]
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
        let (stream, _) = listener.accept().await.expect("connections come");
        stream.set_nodelay(true).expect("an option of sockets");
        let (stream, connection) = share(stream);
        let traffic = Arc::clone(&traffic);
        tokio::spawn(async move {
            let service =
                service_fn(|request| Arc::clone(&traffic).answer(request, Arc::clone(&connection)));
            // An error here is a reply that was lost on purpose, or a client that left.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// A connection, and a handle of it that stays where hyper has the connection itself. It ends when
/// both are gone.
fn share(stream: TcpStream) -> (TcpStream, Arc<TcpSocket>) {
    let stream = stream.into_std().expect("a socket");
    let handle = stream.try_clone().expect("a second handle");
    let stream = TcpStream::from_std(stream).expect("a socket");
    (stream, Arc::new(TcpSocket::from_std_stream(handle)))
}
