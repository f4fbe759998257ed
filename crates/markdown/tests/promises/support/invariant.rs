//! What may be in the output: a list of its own, written against the README and not against the sanitizer.

use scraper::{Html, Node};

const ELEMENTS: &[(&str, &[&str])] = &[
    ("a", &["href", "title", "id", "aria-label", "class", "rel"]),
    ("blockquote", &[]),
    ("br", &[]),
    ("code", &["class", "dir"]),
    ("del", &[]),
    ("div", &["class", "dir", "role", "tabindex"]),
    ("em", &[]),
    ("h1", &["dir"]),
    ("h2", &["dir"]),
    ("h3", &["dir"]),
    ("h4", &["dir"]),
    ("h5", &["dir"]),
    ("h6", &["dir"]),
    ("header", &[]),
    ("hr", &[]),
    ("input", &["type", "disabled", "checked", "aria-label"]),
    ("li", &["id", "dir", "class"]),
    ("ol", &["start", "class"]),
    ("p", &["dir", "class"]),
    ("pre", &["tabindex", "dir", "class"]),
    ("section", &["class"]),
    ("span", &["class", "title", "tabindex"]),
    ("strong", &[]),
    ("sup", &["class"]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["align", "dir"]),
    ("th", &["align", "dir"]),
    ("thead", &[]),
    ("tr", &[]),
    ("ul", &["class"]),
];

const MATH_ELEMENTS: &str = " math semantics annotation mrow mi mn mo mtext mspace mover munder munderover msup msub \
     msubsup mfrac mroot msqrt mtable mtr mtd mlabeledtr menclose mstyle mpadded mphantom ";

const MATH_ATTRIBUTES: &str = " accent accentunder class columnalign columnlines columnspacing depth display \
     displaystyle encoding fence form height largeop linethickness lspace mathbackground mathcolor mathsize \
     mathvariant maxsize minsize movablelimits notation rowalign rowlines rowspacing rspace scriptlevel separator \
     side stretchy symmetric voffset width ";

const CLASSES: &str = " k s c n f t v a o e m h ins del code math-block math-error table alert alert-note alert-tip \
     alert-important alert-warning alert-caution alert-title task tasks left right raw-html too-deep footnote-back \
     footnote-ref footnotes plain remote-image invisible unlinked ";

/// Deepest element that a rendering may have: 100 levels of Markdown, each of at most two elements, and a frame.
const DEEPEST: usize = 300;

/// Parses `html` as a browser does and says what in it should not be there.
pub(crate) fn violation(html: &str) -> Option<String> {
    let page = Html::parse_fragment(html);
    for node in page.tree.nodes() {
        match node.value() {
            Node::Document | Node::Fragment | Node::Text(_) => {}
            Node::Element(element) => {
                let name = element.name();
                // The parser adds a root, which the text may not get hold of.
                let above = node.ancestors().take(DEEPEST + 1).count();
                if matches!(name, "html" | "body") && above <= 2 && element.attrs().next().is_none() {
                    continue;
                }
                if above > DEEPEST {
                    return Some(format!("<{name}> is too deep"));
                }
                let is_math = MATH_ELEMENTS.contains(&format!(" {name} "));
                let namespace: &str = &element.name.ns;
                let expected = if is_math { "http://www.w3.org/1998/Math/MathML" } else { "http://www.w3.org/1999/xhtml" };
                if namespace != expected {
                    return Some(format!("<{name}> in {namespace}"));
                }
                let known = ELEMENTS.iter().find(|(known, _)| *known == name).map(|(_, attributes)| *attributes);
                if known.is_none() && !is_math {
                    return Some(format!("<{name}>"));
                }
                for (attribute, value) in element.attrs() {
                    let listed = match known {
                        Some(attributes) => attributes.contains(&attribute),
                        None => MATH_ATTRIBUTES.contains(&format!(" {attribute} ")),
                    };
                    if !listed || !is_allowed(name, attribute, value) {
                        return Some(format!("<{name} {attribute}={value:?}>"));
                    }
                }
                if name == "a" && element.attr("href").is_some() && element.attr("rel") != Some("noopener noreferrer nofollow ugc") {
                    return Some(format!("a link without rel: {:?}", element.attr("href")));
                }
                if name == "input" && (element.attr("type") != Some("checkbox") || element.attr("disabled").is_none()) {
                    return Some("an input that isn't a dead box".to_owned());
                }
            }
            other => return Some(format!("{other:?}")),
        }
    }
    None
}

fn is_allowed(element: &str, attribute: &str, value: &str) -> bool {
    let all = |allowed: &str| value.chars().all(|c| c.is_ascii_alphanumeric() || allowed.contains(c));
    match attribute {
        "class" => value.split_whitespace().all(|class| CLASSES.contains(&format!(" {class} "))),
        "href" => is_safe_address(value),
        "id" => all("-_") && value.contains("fn"),
        "dir" => matches!(value, "auto" | "ltr"),
        "rel" => value == "noopener noreferrer nofollow ugc",
        "tabindex" => value == "0",
        "role" => value == "note",
        "start" => value.len() <= 9 && value.bytes().all(|b| b.is_ascii_digit()),
        "align" => matches!(value, "left" | "center" | "right"),
        "aria-label" => matches!(value, "done" | "not done") || value.starts_with("Back to reference "),
        "type" => value == "checkbox",
        "encoding" => value == "application/x-tex",
        "title" => element == "a" || element == "span",
        "disabled" | "checked" => true,
        _ => all(" .,#%+-"),
    }
}

/// Reads the address as a browser would: without blanks around it and without tabs and line ends in it.
fn is_safe_address(address: &str) -> bool {
    let read: String = address
        .trim_matches(|c: char| c <= ' ')
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .collect::<String>()
        .to_ascii_lowercase();
    if let Some(id) = read.strip_prefix('#') {
        return id.contains("fn") && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    }
    read.starts_with("http:") || read.starts_with("https:") || read.starts_with("mailto:")
}
