//! The second wall: parses HTML as a browser does and keeps what is on the list. It must hold alone, so nothing
//! here relies on what the writer would have written.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use crate::code::CLASSES;
use crate::links::REL;
use crate::math::{MATH_ATTRIBUTES, MATH_ELEMENTS, is_math_value};
use crate::options::{ID_PREFIX_CHARS, is_id_char};

static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(build);

/// Keeps only the elements, attributes, classes and addresses that a message may have.
pub(crate) fn sanitize(html: &str) -> String {
    SANITIZER.clean(html).to_string()
}

const ELEMENTS: &[&str] = &[
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "input",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "span",
    "strong",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Attributes that may have any value, or one that `allowed_value` looks at.
const ATTRIBUTES: &[(&str, &[&str])] =
    &[("a", &["href", "title", "id", "aria-label"]), ("li", &["id"]), ("ol", &["start"]), ("span", &["title"])];

const FIXED_VALUES: &[(&str, &str, &[&str])] = &[
    ("code", "dir", &["ltr"]),
    ("div", "dir", &["ltr"]),
    ("div", "role", &["note"]),
    ("div", "tabindex", &["0"]),
    ("h1", "dir", &["auto"]),
    ("h2", "dir", &["auto"]),
    ("h3", "dir", &["auto"]),
    ("h4", "dir", &["auto"]),
    ("h5", "dir", &["auto"]),
    ("h6", "dir", &["auto"]),
    ("input", "aria-label", &["done", "not done"]),
    ("input", "checked", &[""]),
    // Forced below as well; listed so that they keep their place, and the same text gives the same bytes.
    ("input", "disabled", &[""]),
    ("input", "type", &["checkbox"]),
    ("li", "dir", &["auto"]),
    ("p", "dir", &["auto"]),
    ("pre", "dir", &["auto"]),
    ("pre", "tabindex", &["0"]),
    ("span", "tabindex", &["0"]),
    ("td", "align", &["left", "center", "right"]),
    ("td", "dir", &["auto"]),
    ("th", "align", &["left", "center", "right"]),
    ("th", "dir", &["auto"]),
];

const ELEMENT_CLASSES: &[(&str, &[&str])] = &[
    ("a", &["remote-image"]),
    ("code", &["math-error"]),
    ("div", &["code", "math-block", "table", "alert", "alert-note", "alert-tip", "alert-important", "alert-warning", "alert-caution"]),
    ("li", &["task"]),
    ("mtd", &["left", "right"]),
    ("p", &["raw-html", "too-deep", "alert-title", "footnote-back"]),
    ("pre", &["plain"]),
    ("section", &["footnotes"]),
    ("sup", &["footnote-ref"]),
    ("ul", &["tasks"]),
    ("ol", &["tasks"]),
];

fn build() -> Builder<'static> {
    let mut attributes: HashMap<&str, HashSet<&str>> =
        ATTRIBUTES.iter().map(|(element, names)| (*element, names.iter().copied().collect())).collect();
    let mut values: HashMap<&str, HashMap<&str, HashSet<&str>>> = HashMap::new();
    for (element, attribute, allowed) in FIXED_VALUES {
        values.entry(element).or_default().insert(attribute, allowed.iter().copied().collect());
    }
    let mut classes: HashMap<&str, HashSet<&str>> =
        ELEMENT_CLASSES.iter().map(|(element, names)| (*element, names.iter().copied().collect())).collect();
    classes.insert("span", CLASSES.iter().copied().chain(["math-block", "invisible", "unlinked"]).collect());
    for element in MATH_ELEMENTS {
        attributes.insert(element, MATH_ATTRIBUTES.iter().copied().collect());
    }
    // An input is a dead box, whatever it was.
    let forced = HashMap::from([("input", HashMap::from([("type", "checkbox"), ("disabled", "")]))]);

    let mut builder = Builder::empty();
    builder
        .tags(ELEMENTS.iter().chain(MATH_ELEMENTS).copied().collect())
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(attributes)
        .tag_attribute_values(values)
        .set_tag_attribute_values(forced)
        .allowed_classes(classes)
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Custom(Box::new(own_fragment)))
        .link_rel(Some(REL))
        .strip_comments(true)
        .attribute_filter(allowed_value);
    builder
}

/// Of addresses within the page, those of footnotes.
fn own_fragment(address: &str) -> Option<Cow<'_, str>> {
    address.strip_prefix('#').filter(|id| is_own_id(id)).map(|_| Cow::Borrowed(address))
}

fn allowed_value<'a>(element: &str, attribute: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let allowed = match attribute {
        "id" => is_own_id(value),
        "start" => !value.is_empty() && value.len() <= 9 && value.bytes().all(|b| b.is_ascii_digit()),
        "aria-label" if element == "a" => {
            value.strip_prefix("Back to reference ").is_some_and(|number| number.len() <= 10 && number.bytes().all(|b| b.is_ascii_digit()))
        }
        _ if MATH_ELEMENTS.contains(&element) && attribute != "class" => is_math_value(attribute, value),
        _ => true,
    };
    allowed.then_some(Cow::Borrowed(value))
}

/// A prefix, then `fn-1` or `fnref-1-2`: nothing that an element of the page around could be called.
fn is_own_id(id: &str) -> bool {
    let Some(at) = id.rfind("fn") else {
        return false;
    };
    let (prefix, own) = id.split_at(at);
    let numbers = |text: &str, parts: usize| {
        let mut split = text.split('-');
        split.by_ref().take(parts).filter(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())).count() == parts
            && split.next().is_none()
    };
    let own = own.strip_prefix("fnref-").map(|rest| numbers(rest, 2)).or_else(|| own.strip_prefix("fn-").map(|rest| numbers(rest, 1)));
    prefix.len() <= ID_PREFIX_CHARS && prefix.chars().all(is_id_char) && own == Some(true)
}
