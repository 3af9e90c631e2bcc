//! TLS: a publisher whose certificate is right, and those whose certificates
//! are not.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;
use tempfile::NamedTempFile;

use super::super::publisher::{World, collection, feature};
use crate::harvest::fetch::tests::server::answer;
use crate::harvest::fetch::{Fetcher, Options, SetupError, SystemResolver};
use crate::register::ledger::{Outcome, Run};

type Authority = CertifiedIssuer<'static, KeyPair>;

/// An authority that nobody believes who was not told of it.
fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A publisher with a certificate, who lists one record.
struct Secure {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Secure {
    /// A publisher whose certificate is for `name`, changed by `change`, and
    /// signed by `authority`.
    fn start(authority: &Authority, name: &str, change: fn(&mut CertificateParams)) -> Self {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, authority).unwrap();
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config =
            ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(chain, key)
                .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                count.fetch_add(1, Ordering::Relaxed);
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                // A client that does not believe us breaks off.
                drop(serve(StreamOwned::new(connection, stream)));
            }
        });
        Self { address, connections }
    }
}

fn serve<S: std::io::Read + std::io::Write>(stream: S) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let (status, body) = match first.split(' ').nth(1) {
        Some("/all.geojson") => ("200 OK", collection(&[feature(1, "Walking group")])),
        _ => ("404 Not Found", String::new()),
    };
    let length = body.len();
    write!(
        reader.get_mut(),
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: application/geo+json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )?;
    reader.get_mut().flush()
}

/// A file with the certificates of an authority, as an operator has it.
fn file_of(authority: &Authority) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(authority.pem().as_bytes()).unwrap();
    file
}

/// Harvests `publisher`, believing `believed`; robots.txt is set aside when
/// there is a reason for it.
async fn harvest(
    publisher: &Secure,
    believed: &Authority,
    robots_override: Option<&str>,
) -> (World, Run) {
    let (file, host) = (file_of(believed), publisher.address.to_string());
    let change = |options: &mut crate::harvest::Options| {
        options.fetch.allowed_hosts.push(host);
        options.fetch.extra_roots.push(file.path().to_owned());
        // What can't succeed is not tried again.
        options.fetch.tries = 3;
        Arc::new(SystemResolver) as Arc<dyn crate::harvest::fetch::Resolver>
    };
    let world = World::with("/unused", "geojson", change, |_| answer("404 No", "", "")).await;
    let url = format!("https://{}/all.geojson", publisher.address);
    let mut source = json!({ "name": "Partner", "url": url, "format": "geojson",
        "harvesting": "active" });
    if let Some(reason) = robots_override {
        source["robotsOverride"] = json!(reason);
    }
    world.set_source(&source);
    let run = world.run().await;
    (world, run)
}

#[tokio::test]
async fn a_publisher_whose_certificate_is_right_is_harvested() {
    let authority = authority("known");
    let publisher = Secure::start(&authority, "127.0.0.1", |_| {});
    let (world, run) = harvest(&publisher, &authority, None).await;
    world.expect(&run, Outcome::Ok);
    assert_eq!(world.name("f1").as_deref(), Some("Walking group"));
}

#[tokio::test]
async fn certificates_that_are_expired_for_others_or_of_nobody_known_are_refused_once() {
    let (known, unknown) = (authority("known"), authority("unknown"));
    let expired = |params: &mut CertificateParams| params.not_after = date_time_ymd(2020, 1, 1);
    let early = |params: &mut CertificateParams| params.not_before = date_time_ymd(2999, 1, 1);
    for (name, publisher, told) in [
        ("expired", Secure::start(&known, "127.0.0.1", expired), "expired"),
        ("not yet", Secure::start(&known, "127.0.0.1", early), "not valid yet"),
        ("other name", Secure::start(&known, "partner.example", |_| {}), "not valid for name"),
        ("unknown", Secure::start(&unknown, "127.0.0.1", |_| {}), "UnknownIssuer"),
    ] {
        let (world, run) = harvest(&publisher, &known, Some("the publisher agreed")).await;
        world.expect(&run, Outcome::Failed);
        assert_eq!(world.codes(&run), ["tls"], "{name}");
        let reason = run.reason.unwrap();
        assert!(reason.contains("no secure connection to 127.0.0.1"), "{name}: {reason}");
        assert!(reason.contains(told), "{name}: {reason}");
        assert_eq!(publisher.connections.load(Ordering::Relaxed), 1, "{name}");
        assert_eq!(world.assets(), 0, "{name}");
    }
}

#[tokio::test]
async fn without_a_secure_connection_robots_txt_is_not_known_and_forbids() {
    let (known, unknown) = (authority("known"), authority("unknown"));
    let publisher = Secure::start(&unknown, "127.0.0.1", |_| {});
    let (world, run) = harvest(&publisher, &known, None).await;
    world.expect(&run, Outcome::Failed);
    assert_eq!(world.codes(&run), ["robots-unreachable"]);
    assert!(run.reason.unwrap_or_default().contains("no secure connection"));
    assert_eq!(publisher.connections.load(Ordering::Relaxed), 1);
}

#[test]
fn a_file_without_certificates_is_told_at_the_start() {
    let file = NamedTempFile::new().unwrap();
    for path in [file.path().to_owned(), file.path().join("nowhere")] {
        let options = Options { extra_roots: vec![path.clone()], ..Options::default() };
        let error = Fetcher::new(options, 7).unwrap_err();
        assert!(matches!(&error, SetupError::Roots { path: told, .. } if *told == path), "{error}");
    }
}
