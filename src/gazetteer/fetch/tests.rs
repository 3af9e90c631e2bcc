use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};

use tempfile::TempDir;

use super::*;

/// A service on loopback that answers each connection by its path: the list,
/// a redirect to the file, or the file.
fn imitation(list: fn(SocketAddr) -> String, file: &'static [u8]) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut request = [0; 4096];
            let length = connection.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            let path = request.split(' ').nth(1).unwrap_or_default();
            let (head, body) = match path {
                "/v1/products/CodePointOpen/downloads?area=GB&format=CSV" => {
                    ("200 OK".to_owned(), list(address).into_bytes())
                }
                "/redirect" => ("307 Temporary Redirect\r\nLocation: /file".to_owned(), Vec::new()),
                "/file" => ("200 OK".to_owned(), file.to_vec()),
                _ => ("404 Not Found".to_owned(), b"{}".to_vec()),
            };
            let head = format!(
                "HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            connection.write_all(head.as_bytes()).unwrap();
            connection.write_all(&body).unwrap();
        }
    });
    format!("http://{address}/v1/").parse().unwrap()
}

fn listed(address: SocketAddr, size: u64, md5: &str) -> String {
    format!(
        r#"[{{"md5":"0","size":1,"url":"http://{address}/no","format":"GeoPackage","area":"GB","fileName":"codepo_gpkg_gb.zip"}},
            {{"md5":"{md5}","size":{size},"url":"http://{address}/redirect","format":"CSV","area":"GB","fileName":"../codepo_gb.zip"}}]"#
    )
}

fn client() -> Client {
    // Another test of the process may have installed it before.
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder().no_proxy().build().unwrap()
}

/// Fetches into an empty directory: the file's name and text, or the error
/// and what is left in the directory.
async fn fetched(base: Url) -> Result<(String, Vec<u8>), (FetchError, usize)> {
    let directory = TempDir::new().unwrap();
    let mut told = Vec::new();
    let mut progress = |bytes, total| told.push((bytes, total));
    match fetch(&client(), &base, directory.path(), &mut progress).await {
        Ok(path) => {
            assert_eq!(told.last().map(|(bytes, _)| *bytes), Some(3));
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            Ok((name, std::fs::read(path).unwrap()))
        }
        Err(error) => Err((error, std::fs::read_dir(directory.path()).unwrap().count())),
    }
}

const ABC: &str = "900150983cd24fb0d6963f7d28e17f72";

#[tokio::test]
async fn the_file_is_fetched_checked_and_named() {
    let base = imitation(|address| listed(address, 3, ABC), b"abc");
    let (name, bytes) = fetched(base).await.unwrap();
    assert_eq!((name.as_str(), bytes.as_slice()), ("codepo_gb.zip", b"abc".as_slice()));
}

#[tokio::test]
async fn a_file_other_than_promised_is_not_kept() {
    let (error, left) = fetched(imitation(|at| listed(at, 3, ABC), b"abd")).await.unwrap_err();
    assert!(matches!(error, FetchError::Md5 { .. }), "{error}");
    assert_eq!(left, 0);
    let (error, left) = fetched(imitation(|at| listed(at, 4, ABC), b"abc")).await.unwrap_err();
    assert!(matches!(error, FetchError::Size { found: 3, expected: 4 }), "{error}");
    assert_eq!(left, 0);
    let (error, left) = fetched(imitation(|at| listed(at, 2, ABC), b"abc")).await.unwrap_err();
    assert!(matches!(error, FetchError::TooLong(2)), "{error}");
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_service_that_fails_is_an_error() {
    let base: Url = imitation(|_| "[]".to_owned(), b"").join("/other/").unwrap();
    let (error, _) = fetched(base).await.unwrap_err();
    assert!(matches!(error, FetchError::Status { status: 404, .. }), "{error}");
    let (error, _) = fetched(imitation(|_| "[]".to_owned(), b"")).await.unwrap_err();
    assert!(matches!(error, FetchError::Nothing), "{error}");
    let (error, _) = fetched(imitation(|_| "<html>".to_owned(), b"")).await.unwrap_err();
    assert!(matches!(error, FetchError::List(_)), "{error}");
}

#[test]
fn the_list_is_asked_for_by_area_and_format() {
    let base = BASE.parse().unwrap();
    let expected =
        "https://api.os.uk/downloads/v1/products/CodePointOpen/downloads?area=GB&format=CSV";
    assert_eq!(list_url(&base).unwrap().as_str(), expected);
}

#[test]
fn names_and_addresses_of_the_list_are_not_trusted() {
    let list = |url: &str, name: &str| {
        format!(r#"[{{"url":"{url}","fileName":"{name}","area":"GB","format":"CSV"}}]"#)
    };
    let name =
        |text: &str| choose(list("https://example.org/x", text).as_bytes()).unwrap().file_name;
    assert_eq!(name("../../etc/passwd"), "passwd");
    assert_eq!(name("C:\\\\codepo gb.zip"), "codepogb.zip");
    assert_eq!(name(".."), "code-point-open.zip");
    for url in ["file:///etc/passwd", "codepo"] {
        assert!(matches!(choose(list(url, "a.zip").as_bytes()), Err(FetchError::List(_))), "{url}");
    }
}
