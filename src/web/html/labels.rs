//! What pages call the fields of records.
//!
//! The keys of the standard shapes that don't read well as they are have a
//! label here; any other key is taken apart into its words.

use crate::web::html::content;
use crate::web::html::content::Text;
use crate::web::html::messages::Messages;

/// Keys with their label in English.
const FIELDS: &[(&str, &str)] = &[
    ("name", "Name"),
    ("prefLabel", "Name"),
    ("altLabel", "Other words for it"),
    ("alternateName", "Also called"),
    ("slug", "Short name in addresses"),
    ("assetType", "Type"),
    ("resourceType", "Type"),
    ("sector", "Sector"),
    ("sectors", "Sectors"),
    ("forSectors", "Written for"),
    ("provider", "Provided by"),
    ("heldBy", "Held by"),
    ("howToGet", "How to get it"),
    ("authors", "Written by"),
    ("publisher", "Published by"),
    ("published", "Published"),
    ("mediaType", "Format"),
    ("licence", "Licence"),
    ("cites", "Refers to"),
    ("partOf", "Part of"),
    ("listedUnder", "Listed under"),
    ("linkHealth", "Its link"),
    ("locations", "Address"),
    ("areaServed", "Area served"),
    ("online", "Can be used online"),
    ("accessMode", "How to take part"),
    ("schedule", "Times"),
    ("eligibility", "Who may use it"),
    ("audience", "For whom"),
    ("minimumAge", "From age"),
    ("maximumAge", "Up to age"),
    ("cost", "Cost"),
    ("referral", "How people come to it"),
    ("accessibility", "Accessibility"),
    ("languages", "Languages"),
    ("url", "Website"),
    ("email", "E-mail"),
    ("telephone", "Telephone"),
    ("socialLinks", "On social networks"),
    ("media", "Pictures"),
    ("sameAs", "The same elsewhere"),
    ("lastReviewed", "Last checked"),
    ("reviewer", "Checked by"),
    ("identifiers", "Registered as"),
    ("memberOf", "Member of"),
    ("contactPoints", "Whom to ask"),
    ("contact", "Whom to ask"),
    ("coordinator", "Whom to ask"),
    ("claimed", "Kept by the organisation itself"),
    ("partnerships", "Partnerships"),
    ("form", "Form"),
    ("context", "The situation"),
    ("challenges", "What was hard"),
    ("helped", "What helped"),
    ("hindered", "What got in the way"),
    ("needs", "What people said they need"),
    ("outcomes", "What came of it"),
    ("reviewEveryMonths", "Reviewed every (months)"),
    ("agreements", "Agreements"),
    ("by", "By"),
    ("involves", "What changes hands"),
    ("seekingSectors", "Looks for a partner in"),
    ("seekingPartner", "Looks for"),
    ("validUntil", "Holds until"),
    ("inScheme", "Scheme"),
    ("broader", "Part of"),
    ("exactMatch", "The same concept elsewhere"),
    ("closeMatch", "Nearly the same elsewhere"),
    ("appliesTo", "About"),
    ("parent", "Part of"),
    ("geometry", "Boundary"),
    ("uprn", "Property number (UPRN)"),
    ("contentUrl", "Picture"),
    ("register", "Register"),
];

/// What a field is called.
pub(in crate::web) fn of_field(key: &str, messages: &Messages) -> Text {
    let known = FIELDS.iter().find(|(known, _)| *known == key);
    let label = known.map_or_else(|| content::humanised(key), |(_, label)| (*label).to_owned());
    Text::written(&label, "en", messages.language)
}

/// What a value of a field with fixed choices is called.
pub(in crate::web) fn of_choice(value: &str, messages: &Messages) -> Text {
    Text::written(&content::humanised(value), "en", messages.language)
}
