use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{fs, io};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tests::AwsCall;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::machine;

/// A TLS endpoint for DynamoDB and SES. It first forwards calls to the AWS emulators and records the
/// responses. Then it replays them, so the emulators' own work is not measured.
pub(crate) struct Endpoint {
    address: SocketAddr,
    root: PathBuf,
    recording: Arc<Recording>,
}

/// The recorded responses.
#[derive(Default)]
struct Recording {
    /// The URL to forward calls to, while responses are recorded.
    upstream: Mutex<Option<String>>,
    /// By function and operation, and then by the call's subject.
    responses: Mutex<HashMap<(String, String), HashMap<String, RecordedResponse>>>,
    /// The last forwarded request and its body.
    last: Mutex<Option<(Parts, Bytes)>>,
    /// The time between each request's arrival and its response.
    times: Mutex<Vec<Duration>>,
}

#[derive(Clone)]
struct RecordedResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Endpoint {
    /// Starts an endpoint that forwards all calls to `upstream` and records the responses.
    pub(crate) async fn start(upstream: &str) -> Self {
        let (config, root) = create_certificates().expect("the certificates are created");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let recording = Arc::<Recording>::default();
        *recording.upstream.lock().unwrap() = Some(upstream.to_owned());
        tokio::spawn(accept(
            listener,
            TlsAcceptor::from(config),
            Arc::clone(&recording),
        ));
        Self {
            address,
            root,
            recording,
        }
    }

    /// From now on replays the recorded responses.
    pub(crate) fn stop_recording(&self) {
        *self.recording.upstream.lock().unwrap() = None;
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The PEM file of the root certificate.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The body of the last forwarded call.
    pub(crate) fn last_body(&self) -> Bytes {
        let last = self.recording.last.lock().unwrap();
        let (_, body) = last.as_ref().expect("a call was forwarded");
        body.clone()
    }

    /// The last forwarded call as an HTTP/1.1 message.
    pub(crate) fn last_request(&self) -> Vec<u8> {
        let last = self.recording.last.lock().unwrap();
        let (parts, body) = last.as_ref().expect("a call was forwarded");
        let mut request = format!("{} {} HTTP/1.1\r\n", parts.method, parts.uri).into_bytes();
        for (name, value) in &parts.headers {
            request.extend_from_slice(name.as_str().as_bytes());
            request.extend_from_slice(b": ");
            request.extend_from_slice(value.as_bytes());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        request.extend_from_slice(body);
        request
    }

    /// The endpoint's time for each request since the last call of this function, in milliseconds.
    pub(crate) fn take_times(&self) -> Vec<f64> {
        let times = std::mem::take(&mut *self.recording.times.lock().unwrap());
        times.iter().map(|time| time.as_secs_f64() * 1e3).collect()
    }
}

/// A TLS configuration with a new certificate for 127.0.0.1, and the file of its root certificate.
fn create_certificates() -> Result<(Arc<ServerConfig>, PathBuf), Box<dyn std::error::Error>> {
    let mut root = CertificateParams::new(Vec::new())?;
    // If root and certificate had the same name, the certificate would count as self-signed.
    let names = &mut root.distinguished_name;
    names.push(DnType::CommonName, "the root of a bench");
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_key = KeyPair::generate()?;
    let root_certificate = root.self_signed(&root_key)?;
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(vec!["127.0.0.1".to_owned()])?
        .signed_by(&key, &Issuer::new(root, root_key))?;

    let directory = machine::target().join("bench");
    fs::create_dir_all(&directory)?;
    let path = directory.join("root.pem");
    fs::write(&path, root_certificate.pem())?;

    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    let chain = vec![CertificateDer::from(certificate)];
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    Ok((Arc::new(config), path))
}

async fn accept(listener: TcpListener, tls: TlsAcceptor, recording: Arc<Recording>) {
    loop {
        let (stream, _) = listener.accept().await.expect("a connection is accepted");
        stream.set_nodelay(true).expect("TCP_NODELAY is set");
        let (tls, recording) = (tls.clone(), Arc::clone(&recording));
        tokio::spawn(async move {
            // A killed process closes its connection during a request or during the handshake.
            let Ok(stream) = tls.accept(stream).await else {
                return;
            };
            let service = service_fn(|request| Arc::clone(&recording).respond(request));
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

impl Recording {
    async fn respond(self: Arc<Self>, request: Request<Incoming>) -> io::Result<Response> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(Body::new(body), usize::MAX).await;
        let body = body.map_err(io::Error::other)?;
        let since = Instant::now();
        let upstream = self.upstream.lock().unwrap().clone();
        let recorded = match upstream {
            Some(upstream) => self.forward(&upstream, parts, body).await,
            None => self.recorded_response(&parts, &body),
        };
        let recorded = recorded.unwrap_or_else(|| RecordedResponse {
            status: StatusCode::BAD_REQUEST,
            headers: HeaderMap::new(),
            body: Bytes::from_static(b"{\"__type\":\"ValidationException\"}"),
        });
        let mut response = Response::new(Body::from(recorded.body));
        *response.status_mut() = recorded.status;
        *response.headers_mut() = recorded.headers;
        self.times.lock().unwrap().push(since.elapsed());
        Ok(response)
    }

    /// The recorded response to a call. The body is parsed only if the headers do not identify the
    /// response, because parsing takes as long as everything else here.
    fn recorded_response(&self, parts: &Parts, body: &[u8]) -> Option<RecordedResponse> {
        let responses = self.responses.lock().unwrap();
        let responses = responses.get(&AwsCall::head(parts))?;
        if responses.len() == 1 {
            return responses.values().next().cloned();
        }
        responses.get(&AwsCall::of(parts, body).subject()).cloned()
    }

    async fn forward(&self, upstream: &str, parts: Parts, body: Bytes) -> Option<RecordedResponse> {
        let head = AwsCall::head(&parts);
        let subject = AwsCall::of(&parts, &body).subject();
        let mut headers = parts.headers.clone();
        headers.remove(header::HOST);
        let request = reqwest::Client::new()
            .request(parts.method.clone(), format!("{upstream}{}", parts.uri))
            .headers(headers)
            .body(body.clone());
        *self.last.lock().unwrap() = Some((parts, body));
        let response = request.send().await.ok()?;
        let (status, mut headers) = (response.status(), response.headers().clone());
        headers.remove(header::TRANSFER_ENCODING);
        headers.remove(header::CONTENT_LENGTH);
        headers.remove(header::DATE);
        let recorded = RecordedResponse {
            status,
            headers,
            body: response.bytes().await.ok()?,
        };
        // The first response is that of the task. A later one may refuse a repeated task.
        let mut responses = self.responses.lock().unwrap();
        let responses = responses.entry(head).or_default();
        responses.entry(subject).or_insert_with(|| recorded.clone());
        Some(recorded)
    }
}
