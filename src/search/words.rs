//! What a word is: the one definition by which texts are indexed, asked for and marked.
//!
//! Letters and digits make words, everything else stands between them, so `example.com` and `snake_case` are two words
//! each and no character of a question can mean anything else. Case, accents and compatibility forms don't count
//! (`Ångström` is `angstrom`, `ﬁ` is `fi`). Scripts that put no spaces between words are taken in pairs of letters,
//! which finds any part of two letters or more without a dictionary.

use std::ops::Range;

use unicode_normalization::char::{compose, decompose_compatible, is_combining_mark};

/// What is said behind this many bytes of one text is not found.
pub const MAX_TEXT: usize = 1 << 20;
/// Longer words (keys, encoded files) count by their beginning.
const MAX_CHARS: usize = 40;
/// Words of one question.
const MAX_TERMS: usize = 12;
/// Characters of a question that are looked at.
const MAX_QUESTION_CHARS: usize = 1_000;

/// A word of a question.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    /// The word.
    pub word: String,
    /// Words that only begin with it are meant too.
    pub prefix: bool,
}

impl Term {
    /// Whether this is what was asked for.
    pub fn matches(&self, word: &str) -> bool {
        if self.prefix { word.starts_with(&self.word) } else { word == self.word }
    }
}

/// The words of a question, each once; the last one may be only begun. None at all when it has no letter or digit.
pub fn terms(question: &str) -> Vec<Term> {
    let end = question.char_indices().nth(MAX_QUESTION_CHARS).map_or(question.len(), |(at, _)| at);
    let (mut terms, mut last): (Vec<Term>, Option<usize>) = (Vec::new(), None);
    let mut splitter = Splitter::new(true, |word: &str, _, prefix| {
        let term = Term { word: word.to_owned(), prefix };
        last = terms.iter().position(|known| *known == term);
        if last.is_none() && terms.len() < MAX_TERMS {
            last = Some(terms.len());
            terms.push(term);
        }
    });
    splitter.run(&question[..end]);
    // A pair of letters is whole.
    if let Some(last) = last.and_then(|last| terms.get_mut(last)) {
        last.prefix |= last.word.chars().nth(1).is_none() || !last.word.chars().all(is_unspaced);
    }
    terms
}

/// The words of a text in order, each with its place. A pair of letters has the place of both.
pub fn each(text: &str, mut take: impl FnMut(&str, Range<usize>)) {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Splitter::new(false, |word: &str, place, _| take(word, place)).run(&text[..end]);
}

struct Splitter<F> {
    /// Of a question, a letter by itself means every pair that begins with it; a text has its pairs.
    question: bool,
    take: F,
    word: String,
    place: Range<usize>,
    /// Where the letters of the run of an unspaced script begin and end, in `word` and in the text.
    letters: Vec<(usize, Range<usize>)>,
}

impl<F: FnMut(&str, Range<usize>, bool)> Splitter<F> {
    fn new(question: bool, take: F) -> Self {
        Self { question, take, word: String::new(), place: 0..0, letters: Vec::new() }
    }

    fn run(&mut self, text: &str) {
        for (at, c) in text.char_indices() {
            let place = at..at + c.len_utf8();
            if c.is_ascii() {
                if c.is_ascii_alphanumeric() {
                    self.spaced(c.to_ascii_lowercase(), place);
                } else {
                    self.end();
                }
            } else {
                for lower in c.to_lowercase() {
                    decompose_compatible(lower, |part| self.part(part, place.clone()));
                }
            }
        }
        self.end();
    }

    fn part(&mut self, c: char, place: Range<usize>) {
        if is_accent(c) {
            return;
        }
        if let Some(plain) = plain(c) {
            plain.chars().for_each(|c| self.spaced(c, place.clone()));
        } else if is_combining_mark(c) {
            self.mark(c, place);
        } else if !c.is_alphanumeric() {
            self.end();
        } else if is_unspaced(c) {
            self.unspaced(c, place);
        } else {
            c.to_lowercase().for_each(|c| self.spaced(c, place.clone()));
        }
    }

    fn spaced(&mut self, c: char, place: Range<usize>) {
        if !self.letters.is_empty() {
            self.end();
        }
        if self.word.is_empty() {
            self.place.start = place.start;
        }
        self.place.end = place.end;
        self.word.push(c);
    }

    fn unspaced(&mut self, c: char, place: Range<usize>) {
        if self.letters.is_empty() {
            self.end();
        }
        // Vowels and finals of Hangul join the letter before them.
        if self.joined(c, place.end) {
            return;
        }
        self.letters.push((self.word.len(), place));
        self.word.push(c);
    }

    /// A mark that is part of its letter, such as a vowel sign.
    fn mark(&mut self, c: char, place: Range<usize>) {
        if self.word.is_empty() || self.joined(c, place.end) {
            return;
        }
        self.word.push(c);
        self.extend(place.end);
    }

    fn joined(&mut self, c: char, end: usize) -> bool {
        let Some(both) = self.word.chars().next_back().and_then(|last| compose(last, c)) else { return false };
        self.word.pop();
        self.word.push(both);
        self.extend(end);
        true
    }

    fn extend(&mut self, end: usize) {
        match self.letters.last_mut() {
            Some((_, place)) => place.end = end,
            None => self.place.end = end,
        }
    }

    fn end(&mut self) {
        if self.word.is_empty() {
            return;
        }
        if self.letters.is_empty() {
            let end = self.word.char_indices().nth(MAX_CHARS).map_or(self.word.len(), |(at, _)| at);
            (self.take)(&self.word[..end], self.place.clone(), false);
        } else {
            self.pairs();
        }
        self.word.clear();
        self.letters.clear();
    }

    fn pairs(&mut self) {
        let begin = |n: usize| self.letters.get(n).map_or(self.word.len(), |(begin, _)| *begin);
        for (n, (from, place)) in self.letters.iter().enumerate() {
            let second = self.letters.get(n + 1);
            if second.is_none() && self.question && n > 0 {
                continue;
            }
            let end = second.map_or(place.end, |(_, second)| second.end);
            (self.take)(&self.word[*from..begin(n + 2)], place.start..end, self.question && second.is_none());
        }
    }
}

/// Marks that people leave out when they type: those of Latin, Greek and Cyrillic, the vowel points of Arabic and
/// Hebrew. In other scripts marks are letters.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// Letters that are no letter with a mark to Unicode, but to who searches.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

/// Whether a letter's script puts no spaces between words, or glues to a word what others say with more words: by
/// Unicode's blocks of Thai, Lao, Myanmar, Hangul, Khmer, and all of Chinese and Japanese.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        each(text, |word, place| {
            assert!(text.get(place).is_some());
            words.push(word.to_owned());
        });
        words
    }

    fn asked(question: &str) -> String {
        terms(question).iter().map(|t| format!("{}{}", t.word, if t.prefix { "*" } else { "" })).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn case_accents_and_forms_do_not_count() {
        assert_eq!(words("Ångström ANGSTROM ångström"), ["angstrom"; 3]);
        assert_eq!(
            words("Straße STRASSE ﬁne Łódź Ørsted İstanbul ＦＵＬＬ"),
            ["strasse", "strasse", "fine", "lodz", "orsted", "istanbul", "full"]
        );
        assert_eq!(words("e\u{301}t\u{e9} ΟΔΟΣ οδός Ёлка"), ["ete", "οδοσ", "οδοσ", "елка"]);
        assert_eq!(words("مُحَمَّد שָׁלוֹם"), ["محمد", "שלום"]);
    }

    #[test]
    fn whatever_is_no_letter_or_digit_stands_between_words() {
        assert_eq!(words("example.com/snake_case(x)=3.14, don't"), ["example", "com", "snake", "case", "x", "3", "14", "don", "t"]);
        assert_eq!(words("“NEAR”* OR - : ^ \"\0\" 🍵"), ["near", "or"]);
        assert_eq!(words("…—🍵🍵 \u{200b}"), Vec::<String>::new());
    }

    #[test]
    fn scripts_without_spaces_are_taken_in_pairs() {
        assert_eq!(words("日本語"), ["日本", "本語", "語"]);
        assert_eq!(words("用Rust写"), ["用", "rust", "写"]);
        assert_eq!(words("학교에서"), ["학교", "교에", "에서", "서"]);
        assert_eq!(words("ｶﾞｽ がす"), ["ガス", "ス", "がす", "す"]);
        assert_eq!(words("น้ำชา").len(), 4);
        // Devanagari has spaces, and its signs are part of its words.
        assert_eq!(words("क्या हिन्दी"), ["क्या", "हिन्दी"]);
    }

    #[test]
    fn the_last_word_of_a_question_may_be_only_begun() {
        assert_eq!(asked("Green te"), "green te*");
        assert_eq!(asked("tea green tea"), "tea* green");
        assert_eq!(asked("茶"), "茶*");
        assert_eq!(asked("日本語 te"), "日本 本語 te*");
        assert_eq!(asked("te 日本"), "te 日本");
        assert_eq!(asked("茶 te"), "茶* te*");
        assert_eq!(asked("?!"), "");
        assert_eq!(terms(&"a b c d ".repeat(5_000)).len(), 4);
        assert!(terms(&"x".repeat(10_000))[0].word.len() == 40);
        assert_eq!(terms(&(0..100).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ")).len(), 12);
    }

    #[test]
    fn a_place_is_where_the_word_stands_in_the_text() {
        let text = "¡Ünder the ﬁne 日本語!";
        let mut marked = Vec::new();
        each(text, |_, place| marked.push(&text[place]));
        assert_eq!(marked, ["Ünder", "the", "ﬁne", "日本", "本語", "語"]);
    }
}
