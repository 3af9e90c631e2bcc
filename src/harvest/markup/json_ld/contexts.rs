//! Which remote contexts are known, and what is left of a script without the
//! others.

use serde_json::Value as Json;

/// Contexts of one script that are named as left out.
const MOST_NAMED: usize = 5;

/// Whether the context at this address is built in.
pub(super) fn is_known(address: &str) -> bool {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"))
        .unwrap_or_default();
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let (host, path) = rest.split_once(['/', '#', '?']).unwrap_or((rest, ""));
    let path = path.split(['#', '?']).next().unwrap_or_default().trim_matches('/');
    match host {
        "schema.org" => {
            matches!(path, "" | "docs/jsonldcontext.jsonld" | "docs/jsonldcontext.json")
        }
        "openactive.io" => matches!(path, "" | "ns" | "ns-beta" | "ns/oa.jsonld"),
        _ => false,
    }
}

/// The script without the contexts that are not known, and those; `None` when
/// there are none, or one stands alone: then the words mean nothing.
pub(super) fn known(json: &str) -> Option<(String, Vec<String>)> {
    let mut json: Json = serde_json::from_str(json).ok()?;
    let mut left_out = Vec::new();
    let mut pending = vec![&mut json];
    while let Some(value) = pending.pop() {
        match value {
            Json::Array(list) => pending.extend(list),
            Json::Object(object) => {
                if let Some(Json::Array(contexts)) = object.get_mut("@context") {
                    leave_out(contexts, &mut left_out);
                }
                pending.extend(object.values_mut());
            }
            _ => {}
        }
    }
    left_out.sort_unstable();
    left_out.dedup();
    left_out.truncate(MOST_NAMED);
    (!left_out.is_empty()).then(|| (json.to_string(), left_out))
}

fn leave_out(contexts: &mut Vec<Json>, left_out: &mut Vec<String>) {
    let is_meant = |context: &Json| context.as_str().is_none_or(is_known) && !context.is_null();
    if !contexts.iter().any(is_meant) {
        return;
    }
    contexts.retain(|context| {
        let unknown = context.as_str().filter(|address| !is_known(address));
        left_out.extend(unknown.map(str::to_owned));
        unknown.is_none()
    });
}
