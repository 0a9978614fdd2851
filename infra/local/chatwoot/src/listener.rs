//! Accepts connections, and closes one without a response if a handler returns [`NoReply`].

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// A response that is never sent. The server closes the connection instead.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("fault injection closed the connection instead of sending the response")]
pub(crate) struct NoReply;

impl IntoResponse for NoReply {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(self);
        response
    }
}

/// Serves `router` until the task is aborted, which also ends the connections.
pub(crate) async fn serve(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            Some(_) = connections.join_next() => continue,
        };
        // Without this, small responses are delayed until earlier packets are acknowledged.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = service_fn(move |request| respond(router.clone(), request));
        let connection = http1::Builder::new()
            .header_read_timeout(None)
            .serve_connection(TokioIo::new(stream), service);
        connections.spawn(connection);
    }
}

/// If this returns an error, hyper closes the connection without a response.
async fn respond(router: Router, request: Request<Incoming>) -> Result<Response, NoReply> {
    let service = TowerToHyperService::new(router);
    let Ok(response) = hyper::service::Service::call(&service, request).await;
    match response.extensions().get::<NoReply>() {
        Some(no_reply) => Err(*no_reply),
        None => Ok(response),
    }
}
