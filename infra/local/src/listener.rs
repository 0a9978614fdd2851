//! Accepts connections, and closes one without a response if an emulator returns [`NoReply`].

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// The time that running requests get to finish after the server is stopped.
const GRACE: Duration = Duration::from_millis(500);

/// A response that is never sent. The server closes the connection instead.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("fault injection closed the connection instead of sending the reply")]
pub(crate) struct NoReply;

impl IntoResponse for NoReply {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(self);
        response
    }
}

/// Serves `router` until `stopped` receives a value or its sender is dropped.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    mut stopped: oneshot::Receiver<()>,
) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            Some(_) = connections.join_next() => continue,
            _ = &mut stopped => break,
        };
        // Without this, small responses are delayed until earlier packets are acknowledged.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = service_fn(move |request| answer(router.clone(), request));
        let connection = http1::Builder::new()
            // The functions' clients reuse connections, so the server must not close an idle one.
            .header_read_timeout(None)
            .serve_connection(TokioIo::new(stream), service);
        connections.spawn(graceful.watch(connection));
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
    connections.shutdown().await;
}

/// If this returns an error, hyper closes the connection without a response.
async fn answer(router: Router, request: Request<Incoming>) -> Result<Response, NoReply> {
    let service = TowerToHyperService::new(router);
    let Ok(response) = hyper::service::Service::call(&service, request).await;
    match response.extensions().get::<NoReply>() {
        Some(no_reply) => Err(*no_reply),
        None => Ok(response),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::Notify;

    use super::*;

    async fn reply_to(path: &str) -> String {
        let router = Router::new()
            .route("/kept", get(|| async { "here" }))
            .route("/lost", get(|| async { NoReply }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(serve(listener, router, stopped));
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.unwrap();
        drop(stop);
        server.await.unwrap();
        reply
    }

    #[tokio::test]
    async fn a_lost_reply_closes_the_connection_without_a_byte() {
        assert!(reply_to("/kept").await.ends_with("here"));
        assert_eq!(reply_to("/lost").await, "");
    }

    #[tokio::test]
    async fn a_request_that_is_never_answered_does_not_keep_the_server_running() {
        let arrived = Arc::new(Notify::new());
        let never_answer = {
            let arrived = Arc::clone(&arrived);
            move || {
                arrived.notify_one();
                std::future::pending::<()>()
            }
        };
        let router = Router::new().route("/", get(never_answer));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(serve(listener, router, stopped));
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        arrived.notified().await;
        drop(stop);
        tokio::time::timeout(Duration::from_secs(60), server)
            .await
            .unwrap()
            .unwrap();
    }
}
