//! Letters of mathematical alphabets. MathML Core dropped `mathvariant="double-struck"` and the like, so ℝ must be
//! written as the character it is (Unicode's block "Mathematical Alphanumeric Symbols", and the letters that stood
//! elsewhere before it).

use std::borrow::Cow;

/// The text in the given MathML variant; unchanged where there is no such letter.
pub(super) fn styled<'a>(text: &'a str, variant: Option<&str>) -> Cow<'a, str> {
    match variant.and_then(alphabet) {
        Some(alphabet) => text.chars().map(|c| alphabet.letter(c)).collect(),
        None => Cow::Borrowed(text),
    }
}

/// Where an alphabet begins; 0 for letters it does not have.
#[derive(Clone, Copy)]
struct Alphabet {
    upper: u32,
    lower: u32,
    digit: u32,
    greek_upper: u32,
    greek_lower: u32,
    exceptions: &'static [(char, char)],
}

const fn latin(upper: u32, digit: u32, exceptions: &'static [(char, char)]) -> Alphabet {
    Alphabet { upper, lower: upper + 26, digit, greek_upper: 0, greek_lower: 0, exceptions }
}

const fn with_greek(alphabet: Alphabet, greek: u32) -> Alphabet {
    Alphabet { greek_upper: greek, greek_lower: greek + 26, ..alphabet }
}

fn alphabet(variant: &str) -> Option<Alphabet> {
    Some(match variant {
        "bold" => with_greek(latin(0x1D400, 0x1D7CE, &[]), 0x1D6A8),
        "italic" => with_greek(latin(0x1D434, 0, &[('h', 'ℎ')]), 0x1D6E2),
        "bold-italic" => with_greek(latin(0x1D468, 0, &[]), 0x1D71C),
        "script" => latin(
            0x1D49C,
            0,
            &[
                ('B', 'ℬ'),
                ('E', 'ℰ'),
                ('F', 'ℱ'),
                ('H', 'ℋ'),
                ('I', 'ℐ'),
                ('L', 'ℒ'),
                ('M', 'ℳ'),
                ('R', 'ℛ'),
                ('e', 'ℯ'),
                ('g', 'ℊ'),
                ('o', 'ℴ'),
            ],
        ),
        "bold-script" => latin(0x1D4D0, 0, &[]),
        "fraktur" => latin(0x1D504, 0, &[('C', 'ℭ'), ('H', 'ℌ'), ('I', 'ℑ'), ('R', 'ℜ'), ('Z', 'ℨ')]),
        "double-struck" => latin(0x1D538, 0x1D7D8, &[('C', 'ℂ'), ('H', 'ℍ'), ('N', 'ℕ'), ('P', 'ℙ'), ('Q', 'ℚ'), ('R', 'ℝ'), ('Z', 'ℤ')]),
        "bold-fraktur" => latin(0x1D56C, 0, &[]),
        "sans-serif" => latin(0x1D5A0, 0x1D7E2, &[]),
        "bold-sans-serif" => with_greek(latin(0x1D5D4, 0x1D7EC, &[]), 0x1D756),
        "sans-serif-italic" => latin(0x1D608, 0, &[]),
        "sans-serif-bold-italic" => with_greek(latin(0x1D63C, 0, &[]), 0x1D790),
        "monospace" => latin(0x1D670, 0x1D7F6, &[]),
        _ => return None,
    })
}

impl Alphabet {
    fn letter(&self, c: char) -> char {
        if let Some((_, letter)) = self.exceptions.iter().find(|(plain, _)| *plain == c) {
            return *letter;
        }
        let (start, first) = match c {
            'A'..='Z' => (self.upper, 'A'),
            'a'..='z' => (self.lower, 'a'),
            '0'..='9' => (self.digit, '0'),
            'Α'..='Ω' => (self.greek_upper, 'Α'),
            'α'..='ω' => (self.greek_lower, 'α'),
            _ => return c,
        };
        if start == 0 {
            return c;
        }
        char::from_u32(start + u32::from(c) - u32::from(first)).unwrap_or(c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_become_those_of_the_alphabet() {
        assert_eq!(styled("R1x+", Some("double-struck")), "ℝ𝟙𝕩+");
        assert_eq!(styled("LA", Some("script")), "ℒ𝒜");
        assert_eq!(styled("hΩα", Some("italic")), "ℎ𝛺𝛼");
        assert_eq!(styled("g", Some("fraktur")), "𝔤");
        assert_eq!(styled("Ab9", Some("bold")), "𝐀𝐛𝟗");
        assert_eq!(styled("x", Some("normal")), "x");
        assert_eq!(styled("x", None), "x");
    }
}
