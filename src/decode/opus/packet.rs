//! Packets of several streams (RFC 6716, appendix B): all but the last say how long they are.

/// Frames of a packet whose count stands in it, at most 120 ms.
const MOST_FRAMES: u8 = 48;

/// The first stream's packet as it is on its own, and the packets of the others.
pub(super) fn split_first(data: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let (&toc, rest) = data.split_first()?;
    let mut packet = vec![toc];
    let (frames, padding, rest) = match toc & 3 {
        0 => {
            let (length, rest) = length(rest)?;
            (length, 0, rest)
        }
        1 => {
            let (length, rest) = length(rest)?;
            (2 * length, 0, rest)
        }
        2 => {
            let (first, rest) = kept_length(rest, &mut packet)?;
            let (second, rest) = length(rest)?;
            (first + second, 0, rest)
        }
        _ => counted(rest, &mut packet)?,
    };
    let (sound, rest) = rest.split_at_checked(frames + padding)?;
    packet.extend_from_slice(sound);
    Some((packet, rest))
}

/// The bytes of a packet whose count of frames stands in it: those of all frames, and those
/// that fill it up.
fn counted<'a>(data: &'a [u8], packet: &mut Vec<u8>) -> Option<(usize, usize, &'a [u8])> {
    let (&head, mut rest) = data.split_first()?;
    packet.push(head);
    let (is_variable, is_padded, count) = (head & 0x80 != 0, head & 0x40 != 0, head & 0x3f);
    if count == 0 || count > MOST_FRAMES {
        return None;
    }
    let (mut padding, mut goes_on) = (0, is_padded);
    while goes_on {
        let (&more, after) = rest.split_first()?;
        packet.push(more);
        rest = after;
        // 255 stands for 254 bytes, and more to come.
        padding += usize::from(more).min(254);
        goes_on = more == 255;
    }
    let mut frames = 0;
    if is_variable {
        for _ in 1..count {
            let (length, after) = kept_length(rest, packet)?;
            frames += length;
            rest = after;
        }
    }
    let (last, rest) = length(rest)?;
    frames += if is_variable {
        last
    } else {
        last * usize::from(count)
    };
    Some((frames, padding, rest))
}

/// A length that the packet has on its own, too.
fn kept_length<'a>(data: &'a [u8], packet: &mut Vec<u8>) -> Option<(usize, &'a [u8])> {
    let (length, rest) = length(data)?;
    packet.extend_from_slice(&data[..data.len() - rest.len()]);
    Some((length, rest))
}

/// A length in one or two bytes (RFC 6716 §3.2.1).
fn length(data: &[u8]) -> Option<(usize, &[u8])> {
    let (&low, rest) = data.split_first()?;
    if low < 252 {
        return Some((low.into(), rest));
    }
    let (&high, rest) = rest.split_first()?;
    Some((4 * usize::from(high) + usize::from(low), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_loses_the_length_that_it_has_not_on_its_own() {
        let cases: [(&[u8], &[u8]); 6] = [
            (&[0, 2, 7, 8], &[0, 7, 8]),
            (&[1, 1, 7, 8], &[1, 7, 8]),
            (&[2, 1, 2, 7, 8, 9], &[2, 1, 7, 8, 9]),
            // Three frames of one byte; two of one and two, filled up by one.
            (&[3, 3, 1, 7, 8, 9], &[3, 3, 7, 8, 9]),
            (
                &[3, 0xc2, 1, 1, 2, 7, 8, 9, 0],
                &[3, 0xc2, 1, 1, 7, 8, 9, 0],
            ),
            // A frame of none is one that was lost.
            (&[0, 0], &[0]),
        ];
        for (given, expected) in cases {
            let with_next = [given, &[42, 43]].concat();
            let (packet, rest) = split_first(&with_next).unwrap();
            assert_eq!((packet.as_slice(), rest), (expected, &[42, 43][..]));
        }
        let long = [&[0, 253, 2][..], &[5; 261]].concat();
        assert_eq!(split_first(&long).unwrap().0.len(), 262);
    }

    #[test]
    fn what_ends_too_early_is_no_packet() {
        for broken in [
            &[][..],
            &[0],
            &[0, 2, 7],
            &[0, 252],
            &[1, 1, 7],
            &[2, 1],
            &[3],
            &[3, 0],
            &[3, 49, 0],
            &[3, 0x41, 255],
        ] {
            assert_eq!(split_first(broken), None, "{broken:?}");
        }
    }
}
