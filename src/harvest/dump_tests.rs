//! Tests of [`dump`](super).

use super::*;

#[test]
fn a_large_body_lies_on_the_disk_and_a_small_one_in_memory() {
    let directory = tempfile::tempdir().unwrap();
    let line = b"one line of a body that has many of them\n";
    for (lines, is_large) in [(1_000, false), (LARGE / line.len() + 1, true)] {
        let whole = line.repeat(lines);
        let mut spool = Spool::new(Some(directory.path()));
        whole.chunks(10_000).for_each(|part| spool.write_all(part).unwrap());
        assert_eq!(spool.length(), whole.len() as u64);
        let Spooled { bytes, dump, hash } = spool.finish().unwrap();
        assert_eq!(hash, blake3::hash(&whole).to_hex().to_string());
        assert_eq!(dump.is_some(), is_large);
        let Some(dump) = dump else {
            assert_eq!(bytes, whole);
            continue;
        };
        assert_eq!(bytes, whole[..HEAD]);
        let mut read = Vec::new();
        dump.read_from(5).read_to_end(&mut read).unwrap();
        assert_eq!(read, whole[5..]);
        assert_eq!(dump.bytes(41, 82).unwrap(), line);
        // Nobody finds it by a name.
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
    }
}

#[test]
fn without_a_place_on_the_disk_all_stays_in_memory() {
    let mut spool = Spool::new(None);
    spool.write_all(&vec![b'x'; LARGE + 1]).unwrap();
    let Spooled { bytes, dump, .. } = spool.finish().unwrap();
    assert_eq!((bytes.len(), dump.is_none()), (LARGE + 1, true));
}
