//! The MathML that a formula may consist of.

/// Elements.
pub(crate) const MATH_ELEMENTS: &[&str] = &[
    "math",
    "semantics",
    "annotation",
    "mrow",
    "mi",
    "mn",
    "mo",
    "mtext",
    "mspace",
    "mover",
    "munder",
    "munderover",
    "msup",
    "msub",
    "msubsup",
    "mfrac",
    "mroot",
    "msqrt",
    "mtable",
    "mtr",
    "mtd",
    "mlabeledtr",
    "menclose",
    "mstyle",
    "mpadded",
    "mphantom",
];

/// Attributes. None of them takes an address or a style.
pub(crate) const MATH_ATTRIBUTES: &[&str] = &[
    "accent",
    "accentunder",
    "columnalign",
    "columnlines",
    "columnspacing",
    "depth",
    "display",
    "displaystyle",
    "encoding",
    "fence",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathbackground",
    "mathcolor",
    "mathsize",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "notation",
    "rowalign",
    "rowlines",
    "rowspacing",
    "rspace",
    "scriptlevel",
    "separator",
    "side",
    "stretchy",
    "symmetric",
    "voffset",
    "width",
];

/// Longest value; a matrix says something about each of its columns.
const VALUE_BYTES: usize = 1_024;

/// Whether an attribute may have this value: numbers, units, names and colours.
pub(crate) fn is_math_value(attribute: &str, value: &str) -> bool {
    match attribute {
        "encoding" => value == "application/x-tex",
        "display" => value == "block",
        _ => value.len() <= VALUE_BYTES && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" .,#%+-".contains(&byte)),
    }
}
