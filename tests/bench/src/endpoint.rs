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

/// DynamoDB and SES behind TLS, as functions reach them in AWS. It learns from the stand-ins what they
/// answer, and then answers the same by itself: so no engine's own work is measured.
pub(crate) struct Endpoint {
    address: SocketAddr,
    root: PathBuf,
    known: Arc<Known>,
}

/// What was learned.
#[derive(Default)]
struct Known {
    /// Where to ask for an answer that is not known yet.
    upstream: Mutex<Option<String>>,
    /// By function and operation, and then by what the call is about.
    answers: Mutex<HashMap<(String, String), HashMap<String, Answer>>>,
    /// The last request that was passed on, and its body.
    last: Mutex<Option<(Parts, Bytes)>>,
    /// How long it had each request.
    times: Mutex<Vec<Duration>>,
}

#[derive(Clone)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Endpoint {
    /// An endpoint that passes all calls on to `upstream`, and learns.
    pub(crate) async fn start(upstream: &str) -> Self {
        let (config, root) = certified().expect("a certificate is made");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let known = Arc::<Known>::default();
        *known.upstream.lock().unwrap() = Some(upstream.to_owned());
        tokio::spawn(accept(
            listener,
            TlsAcceptor::from(config),
            Arc::clone(&known),
        ));
        Self {
            address,
            root,
            known,
        }
    }

    /// Answers by itself from now on, and only what it has learned.
    pub(crate) fn stop_learning(&self) {
        *self.known.upstream.lock().unwrap() = None;
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The PEM file of the certificate from which the endpoint's own descends.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The body of the last call that it passed on.
    pub(crate) fn last_body(&self) -> Bytes {
        let last = self.known.last.lock().unwrap();
        let (_, body) = last.as_ref().expect("a call was passed on");
        body.clone()
    }

    /// The last call that it passed on, as it goes over the wire.
    pub(crate) fn last_request(&self) -> Vec<u8> {
        let last = self.known.last.lock().unwrap();
        let (parts, body) = last.as_ref().expect("a call was passed on");
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

    /// How long it had each request since this was asked the last time, in milliseconds.
    pub(crate) fn take_times(&self) -> Vec<f64> {
        let times = std::mem::take(&mut *self.known.times.lock().unwrap());
        times.iter().map(|time| time.as_secs_f64() * 1e3).collect()
    }
}

/// A server's configuration with a certificate for 127.0.0.1 of today, and the file of its root.
fn certified() -> Result<(Arc<ServerConfig>, PathBuf), Box<dyn std::error::Error>> {
    let mut root = CertificateParams::new(Vec::new())?;
    // Two of one name would pass for one that signed itself.
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

async fn accept(listener: TcpListener, tls: TlsAcceptor, known: Arc<Known>) {
    loop {
        let (stream, _) = listener.accept().await.expect("connections come");
        stream.set_nodelay(true).expect("an option of sockets");
        let (tls, known) = (tls.clone(), Arc::clone(&known));
        tokio::spawn(async move {
            // A process that is killed leaves its connection within a request, or within its beginning.
            let Ok(stream) = tls.accept(stream).await else {
                return;
            };
            let service = service_fn(|request| Arc::clone(&known).answer(request));
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

impl Known {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> io::Result<Response> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(Body::new(body), usize::MAX).await;
        let body = body.map_err(io::Error::other)?;
        let since = Instant::now();
        let upstream = self.upstream.lock().unwrap().clone();
        let answer = match upstream {
            Some(upstream) => self.ask(&upstream, parts, body).await,
            None => self.remember(&parts, &body),
        };
        let answer = answer.unwrap_or_else(|| Answer {
            status: StatusCode::BAD_REQUEST,
            headers: HeaderMap::new(),
            body: Bytes::from_static(b"{\"__type\":\"ValidationException\"}"),
        });
        let mut response = Response::new(Body::from(answer.body));
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        self.times.lock().unwrap().push(since.elapsed());
        Ok(response)
    }

    /// What was learned for a call. Its body is read only where its head leaves a choice, for that
    /// takes as long as all else here.
    fn remember(&self, parts: &Parts, body: &[u8]) -> Option<Answer> {
        let answers = self.answers.lock().unwrap();
        let answers = answers.get(&AwsCall::head(parts))?;
        if answers.len() == 1 {
            return answers.values().next().cloned();
        }
        answers.get(&AwsCall::of(parts, body).subject()).cloned()
    }

    async fn ask(&self, upstream: &str, parts: Parts, body: Bytes) -> Option<Answer> {
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
        let answer = Answer {
            status,
            headers,
            body: response.bytes().await.ok()?,
        };
        // The first one is that to the task itself, and not to what refuses its repeat.
        let mut answers = self.answers.lock().unwrap();
        let answers = answers.entry(head).or_default();
        answers.entry(subject).or_insert_with(|| answer.clone());
        Some(answer)
    }
}
