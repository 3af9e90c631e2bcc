//! Tests of [`repair`](super).

use super::*;

#[test]
fn raw_markup_is_put_into_cdata() {
    for (text, expected, count) in [
        ("<title>a <i>b</i> c</title>", "<title><![CDATA[a <i>b</i> c]]></title>", 1),
        (
            "<description a='1'>x<br>y</description>",
            "<description a='1'><![CDATA[x<br>y]]></description>",
            1,
        ),
        ("<title>plain &lt;b></title>", "<title>plain &lt;b></title>", 0),
        ("<title><![CDATA[<b>]]></title>", "<title><![CDATA[<b>]]></title>", 0),
        ("<title>open <title>a<b/></title>", "<title>open <title><![CDATA[a<b/>]]></title>", 1),
        ("<title/><item><title>x</title>", "<title/><item><title>x</title>", 0),
        (
            "<title>x<item><guid>1</guid></item></title>",
            "<title>x<item><guid>1</guid></item></title>",
            0,
        ),
        ("<title>never closed <b>", "<title>never closed <b>", 0),
    ] {
        assert_eq!(raw_markup(text), (Cow::Borrowed(expected), count), "{text}");
    }
}

#[test]
fn texts_that_are_never_closed_take_no_more_time_than_others() {
    let open = "<title>".repeat(300_000);
    assert_eq!(raw_markup(&open).1, 0);
    assert_eq!(raw_markup(&format!("{open}<b/></title>")).1, 1);
}

#[test]
fn lone_ampersands_are_escaped_and_references_are_not() {
    for (text, expected, count) in [
        ("a & b", "a &amp; b", 1),
        ("?a=1&b=2&amp;c", "?a=1&amp;b=2&amp;c", 1),
        ("&nbsp;&#233;&#x2F;&#;&;", "&nbsp;&#233;&#x2F;&amp;#;&amp;;", 2),
        ("<![CDATA[a & b]]> & c", "<![CDATA[a & b]]> &amp; c", 1),
        ("<!-- & --><a href='?x&y'/>é&", "<!-- & --><a href='?x&amp;y'/>é&amp;", 2),
        ("<![CDATA[ & never closed", "<![CDATA[ & never closed", 0),
        ("", "", 0),
    ] {
        assert_eq!(ampersands(text), (Cow::Borrowed(expected), count), "{text}");
    }
}
