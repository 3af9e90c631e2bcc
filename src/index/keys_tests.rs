//! Tests of [`keys`](super).

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn it_agrees_with_a_map(changes in prop::collection::vec((0..60_u32, any::<bool>()), 0..300)) {
        let names: Vec<String> = (0..60).map(|number| format!("asset/{number}")).collect();
        let key_at = |slot: u32| Some(names[slot as usize].as_str());
        let (mut keys, mut map) = (Keys::default(), HashMap::new());
        for (slot, put) in changes {
            let key = &names[slot as usize];
            prop_assert_eq!(keys.remove(key, key_at), map.remove(key));
            if put {
                keys.insert(key, slot);
                map.insert(key.clone(), slot);
            }
            for key in &names {
                prop_assert_eq!(keys.get(key, key_at), map.get(key).copied());
            }
        }
    }
}
