//! Tests of what came and what stands before it.

use jiff::Timestamp;

use super::*;

fn document(url: &str, body: &[u8]) -> Document {
    Document {
        url: url.parse().unwrap(),
        media_type: None,
        charset: None,
        bytes: body.to_vec(),
        retrieved_at: Timestamp::UNIX_EPOCH,
    }
}

#[track_caller]
fn check_code(body: &[u8], expected: Expected, code: &str) {
    let found = check(&document("https://partner.example/feed", body), expected);
    assert_eq!(found.as_ref().map_or_else(FetchError::code, |()| "ok"), code, "{found:?}");
}

#[test]
fn documents_are_told_by_their_first_bytes() {
    for (body, expected) in [
        (&b""[..], Kind::Empty),
        (b" \r\n\t", Kind::Empty),
        (b"\xEF\xBB\xBF", Kind::Empty),
        (b"<!DOCTYPE html><html>", Kind::Html),
        (b"\xEF\xBB\xBF <!-- hello --> <HTML lang=en>", Kind::Html),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC>", Kind::Html),
        (b"<?xml version='1.0'?><rss>", Kind::Xml),
        (b"<rss version='2.0'>", Kind::Xml),
        (b"<!-- never closed", Kind::Xml),
        (b"\xFF\xFE<\0r\0s\0s\0>\0", Kind::Xml),
        (b"\n{\"data\": []}", Kind::Json),
        (b"[", Kind::Json),
        (b"BEGIN:VCALENDAR\r\n", Kind::Calendar),
        (b"PK\x03\x04", Kind::Zip),
        (b"\x1f\x8b\x08", Kind::Compressed),
        (b"%PDF-1.7", Kind::Pdf),
        (b"name,postcode\n", Kind::Text),
    ] {
        assert_eq!(sniff(&document("https://a.scot/", body)), expected, "{body:?}");
    }
}

#[test]
fn a_web_page_instead_of_data_is_an_obstacle_and_never_empty() {
    let page = b"<!doctype html><title>Sign in</title>";
    for expected in [Expected::Json, Expected::Xml, Expected::Calendar, Expected::Machine] {
        check_code(page, expected, "blocked-or-login");
    }
    check_code(page, Expected::Page, "ok");
    check_code(page, Expected::Anything, "ok");
    check_code(page, Expected::Whatever, "ok");
}

#[test]
fn known_obstacles_are_told_from_pages() {
    for page in [
        "<html><title>Just a moment...</title>",
        "<html><script>window._cf_chl_opt={}</script>",
        "<html><title>Attention Required! | Cloudflare</title>",
        "<html><head><title>leith-walks.scot domain for sale</title>",
        "<html><script src='https://img.sedoparking.com/x.js'></script>",
        "<html><title>We are under maintenance</title>",
        "<html><title>Sign in - Google Accounts</title>",
        "<html><title>Partner.example is for sale</title>",
        "<html><title>Sign in | Council</title><form><input type='password'></form>",
        "<html><form action=/in><input name=who><input type=password></form>",
    ] {
        check_code(page.as_bytes(), Expected::Page, "blocked-or-login");
        check_code(page.as_bytes(), Expected::Anything, "blocked-or-login");
    }
    for page in [
        "<html><title>Walking football</title><p>Just a moment... of your time",
        "<html><title>Parks for sale of work</title>",
        "<html><title>Log in to our forum</title>",
        "<html><title>The old school is for sale</title>",
        "<html itemscope><title>Walks</title><form><input type=password></form>",
    ] {
        check_code(page.as_bytes(), Expected::Page, "ok");
    }
}

#[test]
fn the_address_of_a_login_is_an_obstacle() {
    let login = document("https://accounts.google.com/ServiceLogin?x", b"<html>");
    assert_eq!(check(&login, Expected::Page).unwrap_err().code(), "blocked-or-login");
}

#[test]
fn a_redirect_to_a_login_is_an_obstacle() {
    for (to, expected) in [
        ("https://accounts.google.com/ServiceLogin", false),
        ("https://partner.example/wp-login.php?redirect_to=x", false),
        ("https://partner.example/users/sign_in/", false),
        ("https://partner.example/Account/Login.aspx", false),
        ("https://partner.example/classes/login-to-fitness", true),
        ("https://partner.example/feed2", true),
    ] {
        let from = "https://partner.example/feed".parse().unwrap();
        let to: Url = to.parse().unwrap();
        let found = |expected| check_redirect(&from, &to, expected).is_ok();
        assert_eq!((found(Expected::Page), found(Expected::Whatever)), (expected, true), "{to}");
    }
}

#[test]
fn what_is_empty_or_of_another_kind_is_refused() {
    check_code(b"  ", Expected::Json, "empty");
    check_code(b"  ", Expected::Anything, "empty");
    check_code(b"<rss/>", Expected::Json, "unexpected-type");
    check_code(b"{}", Expected::Xml, "unexpected-type");
    check_code(b"%PDF-1.7", Expected::Page, "unexpected-type");
    check_code(b"{}", Expected::Calendar, "unexpected-type");
    check_code(b"\x1f\x8b\x08", Expected::Xml, "ok");
    check_code(b"BEGIN:VCALENDAR", Expected::Calendar, "ok");
}

#[test]
fn an_accept_header_tells_what_is_expected() {
    for (accept, expected) in [
        ("*/*", Expected::Anything),
        ("", Expected::Anything),
        ("application/json", Expected::Json),
        ("application/ld+json, application/json;q=0.9", Expected::Json),
        ("application/rss+xml, application/atom+xml, */*;q=0.1", Expected::Xml),
        ("application/feed+json, application/rss+xml", Expected::Machine),
        ("text/html, application/xhtml+xml", Expected::Page),
        ("application/ld+json, text/html", Expected::Anything),
        ("text/calendar", Expected::Calendar),
        ("text/csv", Expected::Machine),
    ] {
        assert_eq!(Expected::of_accept(accept), expected, "{accept}");
    }
}
