//! From the grammars' scopes (<https://www.sublimetext.com/docs/scope_naming.html>) to our classes.

use std::collections::HashMap;
use std::sync::LazyLock;

use syntect::parsing::Scope;

use super::class::Class;

/// What a scope means for the text in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It says nothing: the text is what it is outside of the scope.
    Inherit,
    /// Code within a string or the like: starts afresh.
    Plain,
    /// A key of a mapping: strings in it are keys.
    Key,
    /// The text has this class.
    Is(Class),
}

/// Beginnings of scopes; of several that fit, the first one holds.
const MEANINGS: &[(&str, Meaning)] = &[
    ("comment", Meaning::Is(Class::Comment)),
    ("string.regexp", Meaning::Is(Class::String)),
    ("string", Meaning::Is(Class::String)),
    ("constant.character.escape", Meaning::Is(Class::Escape)),
    ("constant.character.entity", Meaning::Is(Class::Escape)),
    ("constant.other.placeholder", Meaning::Is(Class::Escape)),
    ("constant.character", Meaning::Is(Class::String)),
    ("constant.numeric", Meaning::Is(Class::Number)),
    ("constant.language", Meaning::Is(Class::Number)),
    ("constant.other.color", Meaning::Is(Class::Number)),
    ("constant.other.symbol", Meaning::Is(Class::String)),
    ("keyword.operator.word", Meaning::Is(Class::Keyword)),
    ("keyword.operator.logical.python", Meaning::Is(Class::Keyword)),
    ("keyword.operator.new", Meaning::Is(Class::Keyword)),
    ("keyword.operator", Meaning::Is(Class::Operator)),
    ("keyword.other.unit", Meaning::Is(Class::Number)),
    ("keyword.control.import.include", Meaning::Is(Class::Meta)),
    ("keyword.control.directive", Meaning::Is(Class::Meta)),
    ("keyword", Meaning::Is(Class::Keyword)),
    ("storage", Meaning::Is(Class::Keyword)),
    ("entity.name.function.decorator", Meaning::Is(Class::Meta)),
    ("entity.name.function", Meaning::Is(Class::Function)),
    ("support.function", Meaning::Is(Class::Function)),
    ("variable.function", Meaning::Is(Class::Function)),
    ("support.macro", Meaning::Is(Class::Function)),
    ("entity.name.macro", Meaning::Is(Class::Function)),
    ("entity.name.tag", Meaning::Is(Class::Type)),
    ("entity.name.type", Meaning::Is(Class::Type)),
    ("entity.name.class", Meaning::Is(Class::Type)),
    ("entity.name.struct", Meaning::Is(Class::Type)),
    ("entity.name.enum", Meaning::Is(Class::Type)),
    ("entity.name.union", Meaning::Is(Class::Type)),
    ("entity.name.trait", Meaning::Is(Class::Type)),
    ("entity.name.interface", Meaning::Is(Class::Type)),
    ("entity.name.impl", Meaning::Is(Class::Type)),
    ("entity.name.namespace", Meaning::Is(Class::Type)),
    ("entity.name.section", Meaning::Is(Class::Heading)),
    ("entity.other.inherited-class", Meaning::Is(Class::Type)),
    ("support.type.property-name", Meaning::Is(Class::Attribute)),
    ("support.type", Meaning::Is(Class::Type)),
    ("support.class", Meaning::Is(Class::Type)),
    ("support.constant", Meaning::Is(Class::Number)),
    ("entity.other.attribute-name", Meaning::Is(Class::Attribute)),
    ("meta.mapping.key", Meaning::Key),
    ("meta.structure.dictionary.key", Meaning::Key),
    ("variable.language", Meaning::Is(Class::Variable)),
    ("variable.parameter", Meaning::Is(Class::Variable)),
    ("variable.annotation", Meaning::Is(Class::Meta)),
    ("variable.other.readwrite.shell", Meaning::Is(Class::Variable)),
    ("variable.other.php", Meaning::Is(Class::Variable)),
    ("meta.annotation", Meaning::Is(Class::Meta)),
    ("meta.preprocessor", Meaning::Is(Class::Meta)),
    ("meta.decorator", Meaning::Is(Class::Meta)),
    ("punctuation.definition.annotation", Meaning::Is(Class::Meta)),
    ("markup.heading", Meaning::Is(Class::Heading)),
    ("markup.inserted", Meaning::Is(Class::Inserted)),
    ("markup.deleted", Meaning::Is(Class::Deleted)),
    ("markup.raw", Meaning::Is(Class::String)),
    ("markup.underline.link", Meaning::Is(Class::Attribute)),
    ("meta.interpolation", Meaning::Plain),
    ("meta.string-interpolation", Meaning::Plain),
    ("meta.template.expression", Meaning::Plain),
    ("meta.embedded", Meaning::Plain),
    ("source", Meaning::Plain),
];

static BEGINNINGS: LazyLock<Vec<(Scope, Meaning)>> =
    LazyLock::new(|| MEANINGS.iter().filter_map(|(name, meaning)| Some((Scope::new(name).ok()?, *meaning))).collect());

/// Looks meanings up; remembers them, since a grammar uses a few dozen scopes over and over.
#[derive(Debug, Clone, Default)]
pub(super) struct Meanings {
    known: HashMap<Scope, Meaning>,
}

impl Meanings {
    pub(super) fn of(&mut self, scope: Scope) -> Meaning {
        *self.known.entry(scope).or_insert_with(|| {
            BEGINNINGS.iter().find(|(beginning, _)| beginning.is_prefix_of(scope)).map_or(Meaning::Inherit, |(_, meaning)| *meaning)
        })
    }
}
