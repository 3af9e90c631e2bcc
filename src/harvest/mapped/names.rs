//! What publishers call the fields of a record, for first guesses of a mapping.

use crate::harvest::mapping::Function;

/// Fields of an asset, and what their columns and keys are called, in lower
/// case without anything but letters and digits.
const FIELDS: &[(&str, &[&str])] = &[
    (
        "name",
        &[
            "name",
            "title",
            "label",
            "servicename",
            "service",
            "organisationname",
            "assetname",
            "placename",
            "sitename",
            "venuename",
            "facilityname",
            "groupname",
            "activityname",
        ],
    ),
    (
        "description",
        &[
            "description",
            "desc",
            "details",
            "about",
            "summary",
            "abstract",
            "servicedescription",
            "shortdescription",
        ],
    ),
    (
        "url",
        &[
            "url",
            "website",
            "web",
            "webpage",
            "link",
            "homepage",
            "websiteurl",
            "weburl",
            "websiteaddress",
            "webaddress",
            "webpageurl",
        ],
    ),
    ("email", &["email", "emailaddress", "contactemail", "mail", "publicemail"]),
    (
        "telephone",
        &[
            "telephone",
            "phone",
            "tel",
            "phonenumber",
            "telephonenumber",
            "contactnumber",
            "contacttelephone",
            "contactphone",
            "telephoneno",
            "phoneno",
        ],
    ),
    (
        "locations/0/streetAddress",
        &[
            "address",
            "streetaddress",
            "address1",
            "addressline1",
            "address2",
            "addressline2",
            "street",
            "formattedaddress",
            "fulladdress",
            "addrstreet",
            "line1",
            "line2",
        ],
    ),
    (
        "locations/0/locality",
        &[
            "town",
            "city",
            "locality",
            "posttown",
            "village",
            "addresslocality",
            "towncity",
            "addrcity",
        ],
    ),
    ("locations/0/region", &["county", "region", "council", "localauthority", "addressregion"]),
    ("locations/0/postcode", &["postcode", "postalcode", "zip", "zipcode", "addrpostcode"]),
    ("locations/0/latitude", &["latitude", "lat", "geolat", "ycoordinatewgs84"]),
    ("locations/0/longitude", &["longitude", "lng", "lon", "long", "geolng", "xcoordinatewgs84"]),
    ("locations/0/uprn", &["uprn"]),
    ("eligibility", &["eligibility", "whocanuse", "whoisitfor"]),
    ("minimumAge", &["minimumage", "minage", "agefrom"]),
    ("maximumAge", &["maximumage", "maxage", "ageto"]),
    ("lastReviewed", &["lastreviewed", "lastchecked", "assureddate", "datereviewed", "reviewdate"]),
];

/// Fields that take the publisher's own terms.
const TERMS: &[(&str, &[&str])] = &[
    (
        "topics",
        &[
            "category",
            "categories",
            "topic",
            "topics",
            "tag",
            "tags",
            "keyword",
            "keywords",
            "servicetype",
            "subcategory",
        ],
    ),
    ("audience", &["audience", "audiences", "whofor", "targetgroup", "clientgroup"]),
    ("accessibility", &["accessibility", "accessibilityfeatures", "disabledaccess"]),
];

/// What a key of records is called, the likeliest first. The numbers that
/// geographic programs give to rows are not among them: they change.
const KEYS: &[&str] = &[
    "id",
    "uuid",
    "guid",
    "identifier",
    "uid",
    "serviceid",
    "assetid",
    "recordid",
    "organisationid",
    "siteid",
    "placeid",
    "reference",
    "ref",
    "refno",
    "uniqueid",
    "code",
    "uprn",
    "uri",
    "permalink",
    "slug",
    "url",
    "link",
];

const MODIFIED: &[&str] = &[
    "modified",
    "lastmodified",
    "updated",
    "updatedat",
    "lastupdated",
    "datemodified",
    "modifiedat",
    "dateupdated",
    "lastupdate",
];

/// The field that a column or key of this name probably is, and how its values
/// are read.
#[must_use]
pub fn field_of(name: &str) -> Option<(&'static str, Vec<Function>)> {
    let plain = plain(name);
    let (field, _) = FIELDS.iter().find(|(_, names)| names.contains(&plain.as_str()))?;
    let then = match *field {
        "locations/0/latitude" | "locations/0/longitude" | "minimumAge" | "maximumAge" => {
            vec![Function::Number]
        }
        "lastReviewed" => vec![Function::Date],
        _ => Vec::new(),
    };
    Some((field, then))
}

/// The field that the publisher's own terms in a column or key are for.
#[must_use]
pub fn term_of(name: &str) -> Option<&'static str> {
    let plain = plain(name);
    TERMS.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(field, _)| *field)
}

/// How far down it stands in the list of what keys are called; `None` when it
/// is not called like one.
#[must_use]
pub fn likeness_of_key(name: &str) -> Option<usize> {
    let plain = plain(name);
    KEYS.iter().position(|known| *known == plain)
}

/// Whether it is called like the time of the last change.
#[must_use]
pub fn is_modified(name: &str) -> bool {
    MODIFIED.contains(&plain(name).as_str())
}

/// Whether it is called like a line of an address, of which there are several.
#[must_use]
pub fn is_address_line(name: &str) -> bool {
    let plain = plain(name);
    (plain.starts_with("address") || plain.starts_with("line"))
        && plain.ends_with(|c: char| c.is_ascii_digit())
}

/// Letters and digits alone, in lower case.
fn plain(name: &str) -> String {
    name.chars()
        .take(100)
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase()
}
