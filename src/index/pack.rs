//! Summaries in little memory: what many of them share is kept once.
//!
//! A packed summary is a row of steps. Each takes some bytes as they are, and
//! then a run that stands already in the dictionary of the index or in what
//! has been unpacked. There is no coding of single bits: unpacking is some
//! dozens of copies, a fraction of a microsecond, since each hit of a page is
//! unpacked. The steps are laid out as those of LZ4 (Y. Collet, “LZ4 block
//! format”), but for the offsets, which count from the start of the
//! dictionary, so that the same piece is the same three bytes everywhere.

use super::dictionary::Dictionary;

/// The shortest run that is worth a step.
const SHORTEST: usize = 8;

/// Bytes that are copied at once.
const BLOCK: usize = 32;

/// The longest text: more than a record can have.
const LONGEST: usize = 1 << 26;

/// Where unpacked bytes can no longer be pointed to.
const REACH: usize = 1 << 16;

/// Slots of the table of what was seen in the text being packed.
const SEEN: usize = 1 << 11;

/// Packs `text`; with the same dictionary [`unpack`] gives it back.
pub(super) fn pack(dictionary: &Dictionary, text: &[u8]) -> Vec<u8> {
    let known = dictionary.bytes();
    let mut packed = Vec::with_capacity(text.len() / 2 + 16);
    write_number(&mut packed, text.len());
    let mut seen = [u16::MAX; SEEN];
    let (mut at, mut done) = (0, 0);
    while at + SHORTEST <= text.len() {
        let rest = &text[at..];
        let slot = hash(rest) % SEEN;
        let (mut from, mut length) = dictionary.longest(rest);
        let before = usize::from(seen[slot]);
        if before < at && seen[slot] != u16::MAX {
            let own = common(&text[before..at], rest);
            if own > length {
                (from, length) = (known.len() + before, own);
            }
        }
        if known.len() + at < REACH {
            seen[slot] = u16::try_from(at).unwrap_or(u16::MAX);
        }
        if length < SHORTEST {
            at += 1;
            continue;
        }
        step(&mut packed, &text[done..at], Some((from, length)));
        at += length;
        done = at;
    }
    if done < text.len() {
        step(&mut packed, &text[done..], None);
    }
    packed
}

/// The text that was packed; `None` when `packed` is not of this dictionary.
pub(super) fn unpack(dictionary: &Dictionary, mut packed: &[u8]) -> Option<Vec<u8>> {
    let known = dictionary.bytes();
    let length = read_number(&mut packed)?;
    // Room for copies of a whole block, of which only the start counts.
    let mut text = vec![0; length.min(LONGEST) + BLOCK];
    let mut at = 0;
    while let Some((&token, rest)) = packed.split_first() {
        packed = rest;
        let plain = read_length(&mut packed, token >> 4)?;
        copy(&mut text, at, packed, 0, plain)?;
        at += plain;
        packed = packed.get(plain..)?;
        let Some((from, rest)) = packed.split_at_checked(2) else { break };
        packed = rest;
        let from = usize::from(u16::from_le_bytes([from[0], from[1]]));
        let run = read_length(&mut packed, token & 15)? + SHORTEST;
        if let Some(from) = from.checked_sub(known.len()) {
            if from + run > at || at + run > text.len() {
                return None;
            }
            text.copy_within(from..from + run, at);
        } else {
            copy(&mut text, at, known, from, run)?;
        }
        at += run;
    }
    text.truncate(length);
    (at == length).then_some(text)
}

/// Copies `length` bytes of `source`, mostly as a block of fixed length, which
/// costs less than a call.
#[inline]
fn copy(text: &mut [u8], at: usize, source: &[u8], from: usize, length: usize) -> Option<()> {
    if length <= BLOCK
        && let (Some(to), Some(block)) =
            (text.get_mut(at..at + BLOCK), source.get(from..from + BLOCK))
    {
        to.copy_from_slice(block);
        return Some(());
    }
    text.get_mut(at..at + length)?.copy_from_slice(source.get(from..from + length)?);
    Some(())
}

/// Writes plain bytes and, but at the end, a run.
fn step(packed: &mut Vec<u8>, plain: &[u8], run: Option<(usize, usize)>) {
    let short = |length: usize| u8::try_from(length.min(15)).unwrap_or(15);
    let (from, length) = run.map_or((0, 0), |(from, length)| (from, length - SHORTEST));
    packed.push(short(plain.len()) << 4 | short(length));
    write_length(packed, plain.len());
    packed.extend_from_slice(plain);
    if run.is_some() {
        let from = u16::try_from(from).expect("runs start within the reach");
        packed.extend_from_slice(&from.to_le_bytes());
        write_length(packed, length);
    }
}

/// What of a length the token does not hold.
fn write_length(packed: &mut Vec<u8>, length: usize) {
    if length >= 15 {
        write_number(packed, length - 15);
    }
}

fn read_length(packed: &mut &[u8], short: u8) -> Option<usize> {
    let more = if short == 15 { read_number(packed)? } else { 0 };
    usize::from(short).checked_add(more)
}

/// Seven bits in each byte, the lowest first.
pub(super) fn write_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

/// The number at the start of `bytes`, which is taken off.
#[inline]
pub(super) fn read_number(bytes: &mut &[u8]) -> Option<usize> {
    let (mut number, mut shift) = (0_usize, 0);
    loop {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
        shift += 7;
        if shift > 35 {
            return None;
        }
    }
}

/// How many bytes two texts have in common from their starts.
pub(super) fn common(one: &[u8], other: &[u8]) -> usize {
    let mut same = 0;
    for (one, other) in one.chunks_exact(8).zip(other.chunks_exact(8)) {
        if one != other {
            break;
        }
        same += 8;
    }
    let rest = one[same..].iter().zip(&other[same..]);
    same + rest.take_while(|(one, other)| one == other).count()
}

/// A number of sixteen bits that the first eight bytes give.
pub(super) fn hash(bytes: &[u8]) -> usize {
    let first = bytes.first_chunk::<8>().map_or(0, |first| u64::from_le_bytes(*first));
    (first.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as usize
}

#[cfg(test)]
#[path = "pack_tests.rs"]
mod tests;
