//! Ids can't be guessed: 128 random bits, nothing in them from time or content.

use takeback::ids::{self, BODY_LEN};

const IDS: usize = 1_000_000;
const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// How many of [`IDS`] evenly spread numbers below 2¹²⁸ have each digit at this place, counted from the last.
fn expected(place: u16) -> Vec<f64> {
    let all = 2_f64.powi(128);
    let weight = 58_f64.powi(place.into());
    let cycles = (all / (58.0 * weight)).floor();
    let rest = all - cycles * 58.0 * weight;
    let ids = f64::from(u32::try_from(IDS).unwrap());
    (0_u8..58).map(|digit| (cycles * weight + (rest - f64::from(digit) * weight).clamp(0.0, weight)) / all * ids).collect()
}

#[test]
fn a_million_ids_differ_and_every_place_spreads_evenly_over_the_alphabet() {
    let tokens: Vec<String> = (0..IDS).map(|_| ids::token_of(&ids::new("link")).to_owned()).collect();

    let mut counts = vec![[0_u32; 58]; BODY_LEN];
    for token in &tokens {
        assert_eq!(token.len(), BODY_LEN);
        for (at, byte) in token.bytes().enumerate() {
            counts[at][ALPHABET.iter().position(|known| *known == byte).unwrap()] += 1;
        }
    }
    for (counts, place) in counts.iter().rev().zip(0..) {
        let mut chi_square = 0.0;
        for (count, expected) in counts.iter().zip(expected(place)) {
            let count = f64::from(*count);
            // The first place has no room for the alphabet's end: 58²² is more than 2¹²⁸.
            if expected < 1.0 {
                assert!(count < 20.0, "place {place}: {count} of a digit that has no room");
            } else {
                chi_square += (count - expected).powi(2) / expected;
            }
        }
        // 57 degrees of freedom: more than 150 happens once in 10⁹ times.
        assert!(chi_square < 150.0, "place {place}: chi-square {chi_square}");
    }

    // Nothing grows with time: half of the steps go up, and neighbours share their first two characters as seldom as
    // any two do (1 in 1,830).
    let up = tokens.windows(2).filter(|pair| pair[0] < pair[1]).count();
    assert!((495_000..505_000).contains(&up), "{up} of {IDS} steps go up");
    let alike = tokens.windows(2).filter(|pair| pair[0][..2] == pair[1][..2]).count();
    assert!(alike < 1_000, "{alike} neighbours begin alike");

    let mut sorted = tokens;
    sorted.sort_unstable();
    assert!(sorted.windows(2).all(|pair| pair[0] != pair[1]), "two ids are the same");
    // The closest two of a million in 2¹²⁸ share their first 8 characters at the most, but for one time in 10⁶.
    let closest = sorted.windows(2).map(|pair| pair[0].bytes().zip(pair[1].bytes()).take_while(|(a, b)| a == b).count()).max().unwrap();
    assert!(closest <= 10, "two ids share their first {closest} characters");
}

#[test]
fn secrets_of_sessions_and_one_time_links_are_twice_as_long_and_differ() {
    let mut secrets: Vec<String> = (0..100_000).map(|_| ids::new_secret()).collect();
    assert!(secrets.iter().all(|secret| (40..=44).contains(&secret.len())));
    secrets.sort_unstable();
    assert!(secrets.windows(2).all(|pair| pair[0][..14] != pair[1][..14]));
}
