//! What is wrong with a request, in the words of its problem.

use serde_json::Value as Json;

use crate::web::problem::Problem;

/// Each fault of `problem` as a sentence, with the parameter that it is about;
/// one at least. They are in English: the words of problems are.
pub(in crate::web) fn sentences(problem: &Problem) -> Vec<String> {
    let json = problem.to_json("", None);
    let faults = json.get("errors").and_then(Json::as_array).into_iter().flatten();
    let sentences: Vec<String> = faults.filter_map(sentence).collect();
    if sentences.is_empty() { sentence(&json).into_iter().collect() } else { sentences }
}

fn sentence(json: &Json) -> Option<String> {
    let detail = json.get("detail")?.as_str()?;
    match json.get("parameter").and_then(Json::as_str) {
        Some(parameter) => Some(format!("{parameter}: {detail}.")),
        None => Some(format!("{detail}.")),
    }
}
