//! The value of a property: a thing, or a literal from an attribute or from
//! the text.

use oxigraph::model::{Literal, Term};
use scraper::ElementRef;

use super::element::{Attributes, Datatype, Established};
use crate::harvest::markup::{dom, literal, xml};

const HTML_LITERAL: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML";
const XML_LITERAL: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral";

/// Step 11: the value of `property`.
pub(super) fn value(
    element: ElementRef<'_>,
    attributes: &Attributes,
    established: &Established,
    language: Option<&str>,
) -> Term {
    let content = element.attr("content");
    let datetime = element.attr("datetime");
    let written = || content.or(datetime).map_or_else(|| dom::text(element), ToOwned::to_owned);
    match &attributes.datatype {
        Datatype::Of(datatype) => {
            let value = match (datatype.as_str(), content) {
                (XML_LITERAL, None) => xml::inner(element),
                (HTML_LITERAL, None) => element.inner_html(),
                _ => written(),
            };
            return Literal::new_typed_literal(value, datatype.clone()).into();
        }
        Datatype::Plain => return literal::plain(&written(), language).into(),
        Datatype::Unsaid => {}
    }
    if let Some(content) = content {
        return literal::plain(content, language).into();
    }
    if attributes.rel.is_none()
        && attributes.rev.is_none()
        && let Some(target) = &attributes.target
    {
        return target.clone().into();
    }
    if attributes.kinds.is_some()
        && !attributes.has_about
        && let Some(typed) = &established.typed
    {
        return typed.clone().into();
    }
    if let Some(datetime) = datetime {
        return literal::time(datetime, language).into();
    }
    let text = dom::text(element);
    let is_time = element.value().name() == "time";
    let literal =
        if is_time { literal::time(&text, language) } else { literal::plain(&text, language) };
    literal.into()
}
