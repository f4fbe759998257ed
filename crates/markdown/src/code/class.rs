//! The classes of highlighted code: few, so that a theme is a dozen lines of CSS.

/// What a piece of code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Keyword,
    String,
    Comment,
    Number,
    Function,
    Type,
    Variable,
    Attribute,
    Operator,
    Escape,
    Meta,
    Heading,
    Inserted,
    Deleted,
}

/// Every class that highlighted code may have.
pub(crate) const CLASSES: [&str; 14] = ["k", "s", "c", "n", "f", "t", "v", "a", "o", "e", "m", "h", "ins", "del"];

impl Class {
    /// The value of the `class` attribute.
    pub(super) fn name(self) -> &'static str {
        match self {
            Class::Keyword => "k",
            Class::String => "s",
            Class::Comment => "c",
            Class::Number => "n",
            Class::Function => "f",
            Class::Type => "t",
            Class::Variable => "v",
            Class::Attribute => "a",
            Class::Operator => "o",
            Class::Escape => "e",
            Class::Meta => "m",
            Class::Heading => "h",
            Class::Inserted => "ins",
            Class::Deleted => "del",
        }
    }
}
