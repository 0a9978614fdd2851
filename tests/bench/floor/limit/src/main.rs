//! One request over TLS with rustls. No function that calls AWS once can be faster.
//!
//! `limit ADDRESS ROOT REQUEST` sends the file REQUEST to ADDRESS, trusts the root certificate in the
//! PEM file ROOT, and prints the status line of the response.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::{env, fs};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [address, root, request] = arguments.as_slice() else {
        return Err("ADDRESS, ROOT and REQUEST are required".into());
    };
    let address: SocketAddr = address.parse()?;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(root)?)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tls = ClientConnection::new(Arc::new(config), address.ip().into())?;
    let socket = TcpStream::connect(address)?;
    socket.set_nodelay(true)?;
    let mut stream = StreamOwned::new(tls, socket);
    stream.write_all(&fs::read(request)?)?;
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status)?;
    print!("{status}");
    Ok(())
}
