//! Tests of [`tiles`](super).

use super::*;

#[test]
fn the_origin_is_that_of_the_one_host() {
    for (address, origin) in [
        ("https://Tiles.Example/{z}/{x}/{y}.png", "https://tiles.example"),
        ("https://tiles.example:8443/osm/{z}/{x}/{y}@2x.png?key=a", "https://tiles.example:8443"),
        ("http://127.0.0.1:9/{x}-{y}-{z}", "http://127.0.0.1:9"),
    ] {
        let tiles = Tiles::new(address, " © people ").unwrap();
        assert_eq!((tiles.origin(), tiles.attribution()), (origin, "© people"), "{address}");
        assert_eq!(tiles.address(), address);
    }
}

#[test]
fn what_is_no_address_of_one_host_or_credits_nobody_is_refused() {
    for (address, expected) in [
        ("https://tiles.example/{z}/{x}.png", "lacks `{y}`"),
        ("https://{s}.tiles.example/{z}/{x}/{y}.png", "is no address of tiles"),
        ("https://a{x}.tiles.example/{z}/{y}.png", "is no address of tiles"),
        ("https://tiles.example/{z}/{x}/{y}{r}.png", "is no address of tiles"),
        ("ftp://tiles.example/{z}/{x}/{y}.png", "is no address of tiles"),
        ("https://me:key@tiles.example/{z}/{x}/{y}.png", "is no address of tiles"),
        ("/tiles/{z}/{x}/{y}.png", "is no address of tiles"),
    ] {
        let error = Tiles::new(address, "© people").unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains(address), "{error}");
    }
    let error = Tiles::new("https://tiles.example/{z}/{x}/{y}.png", " ").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the tiles of `https://tiles.example/{z}/{x}/{y}.png` need an attribution"
    );
}
