use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::*;

const LIMITS: Limits = Limits {
    time: Duration::from_secs(10),
    response_bytes: 1_000,
};

/// Resolves each name to the same address.
#[derive(Clone, Debug)]
struct FixedLookup(IpAddr);

impl Lookup for FixedLookup {
    async fn addresses(&self, _host: &str) -> io::Result<Vec<IpAddr>> {
        Ok(vec![self.0])
    }
}

/// A server that sends the same bytes after each request.
struct Server {
    port: u16,
    connections: Arc<AtomicUsize>,
}

impl Server {
    async fn start(response: impl Into<Vec<u8>>) -> Self {
        let response = response.into();
        Self::serve(move |mut stream| {
            let response = response.clone();
            async move {
                let _ = stream.write_all(&response).await;
                // The connection stays open, as with a server that keeps it alive.
                sleep(Duration::from_secs(60)).await;
            }
        })
        .await
    }

    async fn serve<F>(respond: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                tokio::spawn(respond(stream));
            }
        });
        Self { port, connections }
    }

    fn client(&self, limits: Limits) -> PlatformClient {
        let origin = Origin::parse(&format!("http://127.0.0.1:{}", self.port), Targets::Any);
        PlatformClient::with_lookup(origin.unwrap(), Targets::Any, limits, SystemLookup)
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn get(path: &str) -> ServerRequest<'_> {
    ServerRequest {
        method: Method::Get,
        path,
        headers: &[("api-access-token", "secret")],
        body: None,
    }
}

#[tokio::test]
async fn a_response_of_any_status_is_returned() {
    let server = Server::start("HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}").await;
    let response = server.client(LIMITS).send(get("/a?b=c")).await.unwrap();
    let expected = PlatformResponse {
        status: 404,
        body: b"{}".to_vec(),
    };
    assert_eq!(response, expected);
}

#[tokio::test]
async fn a_request_names_its_sender_and_its_type() {
    let server = Server::start("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let request = server.client(LIMITS).http_request(get("/")).unwrap();
    let header = |name| request.headers().get(name);
    assert_eq!(header("user-agent"), Some("afterchat"));
    assert_eq!(header("content-type"), Some("application/json"));
    assert_eq!(header("api-access-token"), Some("secret"));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Server::start("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let location = format!("http://127.0.0.1:{}/", other.port);
    let response =
        format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
    let server = Server::start(response).await;
    let response = server.client(LIMITS).send(get("/")).await.unwrap();
    assert_eq!(response.status, 302);
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_name_with_a_private_address_is_refused_without_a_connection() {
    let server = Server::start("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let url = format!("https://chat.example.com:{}", server.port);
    let origin = Origin::parse(&url, Targets::Public).unwrap();
    let lookup = FixedLookup(Ipv4Addr::LOCALHOST.into());
    let client =
        PlatformClient::with_lookup(origin.clone(), Targets::Public, LIMITS, lookup.clone());
    let refused = client.send(get("/")).await;
    assert_eq!(refused, Err(PlatformError::PrivateAddress));
    assert_eq!(server.connections(), 0);

    // With any target, the connection is made, and the server's lack of TLS ends it.
    let client = PlatformClient::with_lookup(origin, Targets::Any, LIMITS, lookup);
    let failed = client.send(get("/")).await;
    assert_eq!(failed, Err(PlatformError::ConnectionFailed));
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_response_that_is_too_large_is_refused_before_its_end() {
    let announced = Server::start(
        "HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n\r\n".to_owned() + &"x".repeat(1_001),
    );
    let endless = Server::serve(|mut stream| async move {
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        let _ = stream.write_all(head.as_bytes()).await;
        while stream.write_all(b"3\r\nabc\r\n").await.is_ok() {}
    });
    for server in [announced.await, endless.await] {
        let refused = server.client(LIMITS).send(get("/")).await;
        assert_eq!(refused, Err(PlatformError::ResponseTooLarge));
    }
}

#[tokio::test]
async fn a_response_of_exactly_the_limit_is_read() {
    let response =
        "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n".to_owned() + &"x".repeat(1_000);
    let server = Server::start(response).await;
    let response = server.client(LIMITS).send(get("/")).await.unwrap();
    assert_eq!(response.body.len(), 1_000);
}

#[tokio::test]
async fn a_server_that_is_silent_or_slow_is_timed_out() {
    let limits = Limits {
        time: Duration::from_millis(300),
        ..LIMITS
    };
    let silent = Server::start("");
    let slow = Server::serve(|mut stream| async move {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n";
        let _ = stream.write_all(head.as_bytes()).await;
        while stream.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    });
    for server in [silent.await, slow.await] {
        let refused = server.client(limits).send(get("/")).await;
        assert_eq!(refused, Err(PlatformError::TimedOut));
    }
}

#[tokio::test]
async fn a_response_that_breaks_off_or_is_not_http_is_an_error() {
    for response in [
        "",
        "garbage\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc",
    ] {
        let server = Server::serve(move |mut stream| async move {
            let _ = stream.write_all(response.as_bytes()).await;
        });
        let failed = server.await.client(LIMITS).send(get("/")).await;
        assert_eq!(failed, Err(PlatformError::ConnectionFailed), "{response:?}");
    }
}

#[tokio::test]
async fn a_request_that_is_not_valid_is_not_sent() {
    let server = Server::start("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let client = server.client(LIMITS);
    for path in [
        "",
        "a",
        "@example.com/",
        ".example.com/",
        "/a b",
        "/a\r\nx: y",
    ] {
        let refused = client.send(get(path)).await;
        assert_eq!(refused, Err(PlatformError::InvalidRequest), "{path:?}");
    }
    let request = ServerRequest {
        headers: &[("api-access-token", "a\r\nb: c")],
        ..get("/")
    };
    let refused = client.send(request).await;
    assert_eq!(refused, Err(PlatformError::InvalidRequest));
    assert_eq!(server.connections(), 0);
}
