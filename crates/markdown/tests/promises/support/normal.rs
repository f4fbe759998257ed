//! HTML in a form that can be compared: what the specification expects, changed by the deliberate differences, and
//! what the crate gives, without the markup that is ours alone.

use scraper::{ElementRef, Html, Node, node::Element};

/// The specification's HTML as this crate means to show it. Raw HTML can't be told from other HTML here; examples
/// that hold some are listed by number.
pub(crate) fn expected(html: &str) -> String {
    let mut out = String::new();
    children(&mut out, Html::parse_fragment(html).root_element(), true);
    tidy(&out)
}

/// The crate's HTML, without what the README calls its own.
pub(crate) fn ours(html: &str) -> String {
    let mut out = String::new();
    children(&mut out, Html::parse_fragment(html).root_element(), false);
    tidy(&out)
}

/// Blank text between blocks means nothing, except in code.
fn tidy(html: &str) -> String {
    let mut tidy = String::new();
    let mut in_pre = false;
    for line in html.lines() {
        in_pre = (in_pre || line.contains("<pre>")) && !line.contains("</pre>");
        let line = if in_pre || line.contains("</pre>") { line } else { line.trim() };
        if !line.is_empty() || in_pre {
            tidy.push_str(line);
            tidy.push('\n');
        }
    }
    for block in [
        "p",
        "li",
        "ul",
        "ol",
        "blockquote",
        "table",
        "thead",
        "tbody",
        "tr",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "pre",
        "section",
    ] {
        for tag in [format!("<{block}>"), format!("</{block}>")] {
            tidy = tidy.replace(&format!("\n{tag}"), &tag);
            if block != "pre" {
                tidy = tidy.replace(&format!("{tag}\n"), &tag);
            }
        }
    }
    tidy.replace("</pre>\n", "</pre>").trim().to_owned()
}

fn children(out: &mut String, parent: ElementRef<'_>, spec: bool) {
    for child in parent.children() {
        match child.value() {
            Node::Text(text) => escape(out, text),
            Node::Element(element) => {
                if let Some(child) = ElementRef::wrap(child) {
                    if spec {
                        of_spec(out, child, element);
                    } else {
                        of_ours(out, child, element);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Deliberate differences, applied to what the specification expects.
fn of_spec(out: &mut String, node: ElementRef<'_>, element: &Element) {
    match element.name() {
        // A message has no base: addresses that aren't absolute, or of another scheme, are text.
        "a" => match element.attr("href").filter(|href| is_link(href)) {
            Some(href) => link(out, node, href, element.attr("title"), true),
            None => children(out, node, true),
        },
        // Images don't load: a link with their description and host, or the description if there is no host.
        "img" => {
            let alt = element.attr("alt").filter(|alt| !alt.is_empty()).unwrap_or("image");
            let source = element.attr("src").unwrap_or_default();
            let inside_link = node.ancestors().any(|above| {
                above.value().as_element().is_some_and(|above| above.name() == "a" && above.attr("href").is_some_and(is_link))
            });
            if is_link(source) && !inside_link {
                let host = source.split('/').nth(2).unwrap_or_default();
                open_link(out, source, element.attr("title"));
                escape(out, &format!("{alt} ({host})"));
                out.push_str("</a>");
            } else {
                escape(out, alt);
            }
        }
        // The language stands above the code and not in its class.
        "code" => {
            if let Some(language) = element.attr("class").and_then(|class| class.strip_prefix("language-")) {
                let language = language.split([' ', ',', ':', ';', '{']).next().unwrap_or_default();
                if !language.is_empty() {
                    escape(out, &format!("[{language}]"));
                }
            }
            plain(out, node, element, true);
        }
        // Alignment and the state of a box are compared, other attributes are not in the specification's output.
        _ => plain(out, node, element, true),
    }
}

/// Our own markup, taken away again.
fn of_ours(out: &mut String, node: ElementRef<'_>, element: &Element) {
    let class = element.attr("class").unwrap_or_default();
    match (element.name(), class) {
        ("a", _) => match element.attr("href") {
            Some(href) if !href.starts_with('#') => {
                assert_eq!(element.attr("rel"), Some("noopener noreferrer nofollow ugc"));
                link(out, node, href, element.attr("title"), false);
            }
            _ => children(out, node, false),
        },
        ("div", "code") => {
            let text = |selector: &str| {
                let selector = scraper::Selector::parse(selector).unwrap();
                node.select(&selector).next().map(|found| found.text().collect::<String>()).unwrap_or_default()
            };
            out.push_str("<pre>");
            let language = text("header > span");
            if !language.is_empty() {
                escape(out, &format!("[{language}]"));
            }
            out.push_str("<code>");
            escape(out, &text("pre > code"));
            out.push_str("</code></pre>\n");
        }
        ("div", "table") | ("span", _) | ("p", "raw-html") => {
            children(out, node, false);
            if class == "raw-html" {
                out.push('\n');
            }
        }
        _ => plain(out, node, element, false),
    }
}

fn plain(out: &mut String, node: ElementRef<'_>, element: &Element, spec: bool) {
    let name = element.name();
    if matches!(name, "html" | "body") {
        children(out, node, spec);
        return;
    }
    out.push_str(&format!("<{name}"));
    for attribute in ["align", "start", "checked"] {
        if let Some(value) = element.attr(attribute) {
            out.push_str(&format!(" {attribute}={value}"));
        }
    }
    out.push('>');
    if !matches!(name, "br" | "hr" | "input") {
        children(out, node, spec);
        out.push_str(&format!("</{name}>"));
    }
}

fn link(out: &mut String, node: ElementRef<'_>, href: &str, title: Option<&str>, spec: bool) {
    open_link(out, href, title);
    children(out, node, spec);
    out.push_str("</a>");
}

fn open_link(out: &mut String, href: &str, title: Option<&str>) {
    out.push_str(&format!("<a href={href}"));
    if let Some(title) = title {
        out.push_str(&format!(" title={title}"));
    }
    out.push('>');
}

fn is_link(href: &str) -> bool {
    let href = href.to_ascii_lowercase();
    href.starts_with("http://") || href.starts_with("https://") || href.starts_with("mailto:")
}

fn escape(out: &mut String, text: &str) {
    out.push_str(&text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
}
