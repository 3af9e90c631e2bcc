//! Tests of [`requests`](super).

use super::*;

#[test]
fn each_face_asks_the_same_in_its_own_words() {
    let asked =
        Asked { postcode: Some("EH6 8RG".to_owned()), topic: None, word: Some("choir"), page: 1 };
    let targets: Vec<String> = FACES.iter().map(|(_, target)| target(&asked)).collect();
    assert_eq!(targets[0], "/search?kind=asset&near=EH6%208RG&within=2km&q=choir");
    assert_eq!(targets[9], "/near/EH6%208RG.fragment.html?radius=2km&q=choir");
    assert_eq!(targets[10], "/embed/v1/near/EH6%208RG?radius=2km&q=choir");
    assert!(targets.iter().all(|target| target.contains("EH6%208RG")), "{targets:?}");
}
