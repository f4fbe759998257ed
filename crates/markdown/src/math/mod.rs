//! Formulas to MathML.

mod alphabets;
mod attributes;
mod mathml;
mod precheck;

pub(crate) use attributes::{MATH_ATTRIBUTES, MATH_ELEMENTS, is_math_value};

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use katex::dom_tree::HtmlDomNode;
use katex::{KatexContext, OutputFormat, Settings, StrictMode, StrictSetting, TrustSetting};

use crate::escape::{self, Place};
use crate::limits::{FORMULAS, FORMULAS_BYTES};

/// Functions and symbols of the formula language; made when the first formula is typeset.
static CONTEXT: LazyLock<KatexContext> = LazyLock::new(KatexContext::default);

/// Writes the formulas of one message.
#[derive(Debug, Clone)]
pub(crate) struct MathWriter {
    bytes_left: usize,
    formulas_left: usize,
}

impl Default for MathWriter {
    fn default() -> Self {
        MathWriter { bytes_left: FORMULAS_BYTES, formulas_left: FORMULAS }
    }
}

impl MathWriter {
    /// Writes one formula; its source if it can't be typeset.
    pub(crate) fn write(&mut self, out: &mut String, source: &str, display: bool) {
        let before = out.len();
        if !(self.may_typeset(source) && typeset(out, source, display)) {
            out.truncate(before);
            out.push_str("<code class=\"math-error\" dir=\"ltr\">");
            escape::text(out, source, Place::Exact);
            out.push_str("</code>");
        }
    }

    fn may_typeset(&mut self, source: &str) -> bool {
        let (Some(bytes), Some(formulas)) = (self.bytes_left.checked_sub(source.len()), self.formulas_left.checked_sub(1)) else {
            return false;
        };
        self.bytes_left = bytes;
        self.formulas_left = formulas;
        precheck::is_bounded(source)
    }
}

/// Whether a formula can be typeset as it is.
pub(crate) fn is_formula(source: &str, display: bool) -> bool {
    precheck::is_bounded(source) && typeset(&mut String::new(), source, display)
}

/// Appends the MathML of a checked formula; `false` if it is not a formula after all.
fn typeset(out: &mut String, source: &str, display: bool) -> bool {
    let settings = Settings::builder()
        .display_mode(display)
        .output(OutputFormat::Mathml)
        .throw_on_error(true)
        // The other modes may write a piece of the message to standard error.
        .strict(StrictSetting::Mode(StrictMode::Ignore))
        .trust(TrustSetting::Bool(false))
        .max_size(50.0)
        .max_expand(MAX_EXPAND)
        .build();
    let tree = catch_unwind(AssertUnwindSafe(|| katex::core::render_to_dom_tree(&CONTEXT, source, &settings)));
    let Ok(Ok(tree)) = tree else { return false };
    match tree.children.first() {
        Some(HtmlDomNode::MathML(math)) => mathml::write(out, math),
        _ => false,
    }
}

/// Macros of the language itself that one formula may use; it can't define any.
const MAX_EXPAND: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn written(source: &str) -> String {
        let mut out = String::new();
        MathWriter::default().write(&mut out, source, false);
        out
    }

    #[test]
    fn formulas_are_typeset() {
        assert_eq!(
            written("x^2"),
            "<math><semantics><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow>\
             <annotation encoding=\"application/x-tex\">x^2</annotation></semantics></math>"
        );
        for source in [
            r"\frac{-b \pm \sqrt{b^2-4ac}}{2a}",
            r"\sum_{i=1}^n i",
            r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
            r"\boxed{E = mc^2}",
            r"\mathbb{R} \to \mathcal{L}",
            r"\text{if } x < 0",
            r"\left( \int_0^\infty \right]",
            r"\begin{aligned} a &= b \\ &= c \end{aligned}",
            r"\lim_{x \to 0} \frac{\sin x}{x}",
            r"\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}",
            r"\color{red}{x}",
            r"\underbrace{a+b}_{n}",
        ] {
            let html = written(source);
            assert!(html.starts_with("<math>"), "{source}: {html}");
        }
    }

    #[test]
    fn a_failed_formula_is_shown_as_its_source() {
        for source in [r"\frac{", r"\unknowncommand", "a & b", r"<script>\frac"] {
            let html = written(source);
            let shown = source.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            assert_eq!(html, format!("<code class=\"math-error\" dir=\"ltr\">{shown}</code>"));
        }
    }

    #[test]
    fn a_numbered_formula_is_a_block() {
        let mut out = String::new();
        MathWriter::default().write(&mut out, r"x \tag{1}", true);
        assert!(out.starts_with("<math display=\"block\">"), "{out}");
    }

    #[test]
    fn nothing_from_a_formula_is_a_link_or_loads() {
        for source in [
            r"\href{javascript:alert(1)}{x}",
            r"\url{https://example.org}",
            r"\includegraphics{https://example.org/a.png}",
            r"\htmlStyle{color:red}{x}",
            r"\htmlId{a}{x}",
            r"\htmlData{a=b}{x}",
            r"\htmlClass{a}{x}",
            r#"\text{"><script>alert(1)</script>}"#,
            r"\pmb{x}",
            r"\fcolorbox{red}{blue}{x}",
            r"\color{url(javascript:alert(1))} x",
        ] {
            let html = written(source);
            // What is left of the text holds no tag.
            let tags: Vec<_> = html.split('<').skip(1).filter_map(|rest| rest.split('>').next()).collect();
            for bad in ["script>", "href", " src=", " style=", " id=", " data-"] {
                assert!(!tags.iter().any(|tag| tag.contains(bad)), "{source}: {html}");
            }
        }
    }

    #[test]
    fn a_message_typesets_only_so_many_formulas() {
        let mut writer = MathWriter::default();
        let mut out = String::new();
        for _ in 0..FORMULAS + 5 {
            writer.write(&mut out, "x", false);
        }
        assert_eq!(out.matches("<math>").count(), FORMULAS);
        assert_eq!(out.matches("math-error").count(), 5);
    }
}
