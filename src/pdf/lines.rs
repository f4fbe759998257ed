//! From signs at places to lines of words. A page says where each sign stands and nothing about words and lines: those are
//! seen from the gaps. Signs are taken in the order in which the page draws them, which is the order of reading in what
//! word processors, browsers and TeX write, whatever the number of columns.

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::kurbo::{Affine, BezPath, Point, Vec2};
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{MAX_TEXT_BYTES, Refusal};

/// A gap of more than this parts two words; within one, signs stand closer. In widths of an em, as all of these.
const SPACE: f64 = 0.15;
/// Farther than this from the line is another line; closer are small figures above and below it.
const LINE: f64 = 0.55;
/// Farther down than this is another paragraph or cell.
const PARAGRAPH: f64 = 2.0;
/// Farther up than this is another column.
const COLUMN: f64 = 1.0;
/// So far back on the same line is somewhere else.
const BACK: f64 = 3.0;

/// The lines of a page.
#[derive(Default)]
pub struct Lines {
    text: String,
    /// What is between the last sign of the text and the next.
    between: Between,
    last: Option<Placed>,
    /// Where the last run of signs began, and how many it had.
    run: Option<(Point, usize)>,
    /// Signs of which nobody knows what they stand for.
    unknown: usize,
}

/// Where a sign stands.
#[derive(Clone, Copy)]
struct Placed {
    begins: Point,
    ends: Point,
    /// The direction of its line.
    along: Vec2,
    /// Where the line before it would be.
    up: Vec2,
    /// Its height.
    em: f64,
}

/// What is between two signs, the less first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Between {
    #[default]
    Nothing,
    Space,
    Line,
    Paragraph,
}

impl Placed {
    fn of(place: Affine, advance: f64, mode: WritingMode) -> Option<Self> {
        let begins = place * Point::ZERO;
        let (across, up) = ((place * Point::new(1_000.0, 0.0)) - begins, (place * Point::new(0.0, 1_000.0)) - begins);
        let em = up.hypot();
        let (along, up, ends) = match mode {
            WritingMode::Horizontal => (across, up, begins + across * (advance / 1_000.0)),
            WritingMode::Vertical => (-up, across, begins - up),
        };
        let placed = Self { begins, ends, along: along / along.hypot(), up: up / up.hypot(), em };
        // A font of no size, or a place that is none.
        (placed.along.is_finite() && placed.up.is_finite() && ends.is_finite() && begins.is_finite() && em > 0.0).then_some(placed)
    }

    /// What is between this sign and the `next` that is drawn.
    fn between(self, next: Self) -> Between {
        let em = self.em.max(next.em);
        let turned = self.along.dot(next.along) < 0.9;
        let higher = (next.begins - self.begins).dot(self.up) / em;
        if turned || higher > COLUMN || -higher > PARAGRAPH {
            return Between::Paragraph;
        }
        // On one line both reach from … to …; whichever comes first, the gap is what neither covers.
        let on_line = |point: Point| (point - self.begins).dot(self.along) / em;
        let (ends, begins, next_ends) = (on_line(self.ends), on_line(next.begins), on_line(next.ends));
        if higher.abs() > LINE || next_ends < -BACK {
            return Between::Line;
        }
        let gap = (begins - ends.max(0.0)).max(-next_ends);
        if gap > SPACE { Between::Space } else { Between::Nothing }
    }
}

impl Lines {
    /// The number of signs that stand for nothing known, and the text.
    ///
    /// # Errors
    /// [`Refusal::TooMuchText`]
    pub fn finish(self) -> Result<(usize, String), Refusal> {
        if self.is_full() { Err(Refusal::TooMuchText) } else { Ok((self.unknown, self.text)) }
    }

    fn is_full(&self) -> bool {
        self.text.len() > MAX_TEXT_BYTES
    }

    fn add(&mut self, signs: &str, placed: Placed) {
        // An accent that is drawn over its letter by itself belongs to it.
        if !signs.chars().all(is_combining_mark) {
            self.between = self.between.max(self.last.map_or(Between::Nothing, |last| last.between(placed)));
        }
        self.last = Some(placed);
        for sign in signs.chars() {
            match sign {
                // ﬀ to ﬆ are two or three letters in one sign.
                '\u{fb00}'..='\u{fb06}' => sign.nfkc().for_each(|letter| self.push(letter)),
                // Each font fills these as it likes.
                '\u{e000}'..='\u{f8ff}' | '\u{fffd}' => self.unknown += 1,
                _ if sign.is_whitespace() => self.between = self.between.max(Between::Space),
                _ if sign.is_control() => (),
                _ => self.push(sign),
            }
        }
    }

    fn push(&mut self, sign: char) {
        // A hyphen that is there for the line's end alone: before and after it stands one word.
        if self.text.ends_with('\u{ad}') {
            self.text.pop();
            self.between = if self.between == Between::Paragraph { Between::Paragraph } else { Between::Nothing };
        }
        if !self.text.is_empty() {
            self.text.push_str(match self.between {
                Between::Nothing => "",
                Between::Space => " ",
                Between::Line => "\n",
                Between::Paragraph => "\n\n",
            });
        }
        self.between = Between::Nothing;
        self.text.push(sign);
    }
}

impl Device<'_> for Lines {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        let mut first = true;
        for glyph in run.glyphs() {
            let advance = match &**glyph {
                Glyph::Outline(outline) => outline.advance_width(),
                Glyph::Type3(drawn) => drawn.advance_width(),
            };
            let place = props.transform * glyph.transform();
            let Some(placed) = Placed::of(place, f64::from(advance.unwrap_or(500.0)), run.writing_mode()) else { continue };
            if first {
                // Drawn over once more: its outline, or to make it look bold.
                let before = self.run.replace((placed.begins, run.glyphs().len()));
                if before.is_some_and(|(at, signs)| signs == run.glyphs().len() && (at - placed.begins).hypot() < placed.em / 10.0) {
                    return;
                }
                first = false;
            }
            if self.is_full() {
                return;
            }
            match glyph.as_unicode() {
                Some(BfString::Char(sign)) => self.add(sign.encode_utf8(&mut [0; 4]), placed),
                Some(BfString::String(signs)) => self.add(&signs, placed),
                None => self.unknown += 1,
            }
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}

    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {}

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
