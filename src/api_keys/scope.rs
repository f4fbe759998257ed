//! What a key may do.

use crate::error::Error;

/// One thing that a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// List and look at one's links.
    SharedLinksRead,
    /// Make, change and take back links.
    SharedLinksWrite,
    /// Read conversations.
    ConversationsRead,
    /// Make, change and delete conversations.
    ConversationsWrite,
    /// List and look at assistants.
    AssistantsRead,
    /// Make, change and delete assistants.
    AssistantsWrite,
    /// Ask models.
    Chat,
    /// List webhooks and see what they were told.
    WebhooksRead,
    /// Make, change, test and delete webhooks.
    WebhooksWrite,
    /// Read what happened.
    AuditRead,
}

impl Scope {
    /// All of them, in the order of the settings page.
    pub const ALL: [Self; 10] = [
        Self::SharedLinksRead,
        Self::SharedLinksWrite,
        Self::ConversationsRead,
        Self::ConversationsWrite,
        Self::AssistantsRead,
        Self::AssistantsWrite,
        Self::Chat,
        Self::WebhooksRead,
        Self::WebhooksWrite,
        Self::AuditRead,
    ];

    /// As it is stored, typed and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SharedLinksRead => "shared_links:read",
            Self::SharedLinksWrite => "shared_links:write",
            Self::ConversationsRead => "conversations:read",
            Self::ConversationsWrite => "conversations:write",
            Self::AssistantsRead => "assistants:read",
            Self::AssistantsWrite => "assistants:write",
            Self::Chat => "chat",
            Self::WebhooksRead => "webhooks:read",
            Self::WebhooksWrite => "webhooks:write",
            Self::AuditRead => "audit:read",
        }
    }

    /// What it allows, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::SharedLinksRead => "List shared links and see their views",
            Self::SharedLinksWrite => "Make, change and delete shared links",
            Self::ConversationsRead => "Read conversations",
            Self::ConversationsWrite => "Make, change and delete conversations",
            Self::AssistantsRead => "List assistants",
            Self::AssistantsWrite => "Make, change and delete assistants",
            Self::Chat => "Ask models",
            Self::WebhooksRead => "List webhooks and what they were told",
            Self::WebhooksWrite => "Make, change, test and delete webhooks",
            Self::AuditRead => "Read the activity that you can see",
        }
    }

    /// What a key without it is told.
    pub fn missing(self) -> &'static str {
        match self {
            Self::SharedLinksRead => "This key lacks the scope shared_links:read. Make one that has it, in Settings, API keys.",
            Self::SharedLinksWrite => "This key lacks the scope shared_links:write. Make one that has it, in Settings, API keys.",
            Self::ConversationsRead => "This key lacks the scope conversations:read. Make one that has it, in Settings, API keys.",
            Self::ConversationsWrite => "This key lacks the scope conversations:write. Make one that has it, in Settings, API keys.",
            Self::AssistantsRead => "This key lacks the scope assistants:read. Make one that has it, in Settings, API keys.",
            Self::AssistantsWrite => "This key lacks the scope assistants:write. Make one that has it, in Settings, API keys.",
            Self::Chat => "This key lacks the scope chat. Make one that has it, in Settings, API keys.",
            Self::WebhooksRead => "This key lacks the scope webhooks:read. Make one that has it, in Settings, API keys.",
            Self::WebhooksWrite => "This key lacks the scope webhooks:write. Make one that has it, in Settings, API keys.",
            Self::AuditRead => "This key lacks the scope audit:read. Make one that has it, in Settings, API keys.",
        }
    }
}

/// Several of them, each once, in the order of [`Scope::ALL`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// All that there are.
    pub fn all() -> Self {
        Self(Scope::ALL.to_vec())
    }

    /// These, by their names.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `scopes` when one is unknown, or there is none.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, Error> {
        let names: Vec<&str> = names.into_iter().map(str::trim).filter(|name| !name.is_empty()).collect();
        if let Some(unknown) = names.iter().find(|name| Scope::ALL.iter().all(|scope| scope.as_str() != **name)) {
            let known: Vec<&str> = Scope::ALL.into_iter().map(Scope::as_str).collect();
            return Err(Error::invalid("scopes", format!("There is no scope {unknown:?}. There are: {}.", known.join(", "))));
        }
        let scopes: Vec<Scope> = Scope::ALL.into_iter().filter(|scope| names.contains(&scope.as_str())).collect();
        if scopes.is_empty() {
            Err(Error::invalid("scopes", "A key needs at least one scope. Choose what it may do."))
        } else {
            Ok(Self(scopes))
        }
    }

    /// As they are stored. A name that a newer version wrote is no scope here.
    pub fn stored(text: &str) -> Self {
        Self(Scope::ALL.into_iter().filter(|scope| text.split(' ').any(|name| name == scope.as_str())).collect())
    }

    /// Whether this one is among them.
    pub fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Their names.
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|scope| scope.as_str()).collect()
    }

    /// To be stored.
    pub fn to_stored(&self) -> String {
        self.names().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_named_stored_and_found_again() {
        let scopes = Scopes::named(["chat", " shared_links:read ", "chat", ""]).unwrap();
        assert_eq!(scopes.names(), ["shared_links:read", "chat"]);
        assert_eq!(Scopes::stored(&scopes.to_stored()), scopes);
        assert!(scopes.has(Scope::Chat) && !scopes.has(Scope::SharedLinksWrite));
        assert_eq!(Scopes::stored("chat telepathy:write").names(), ["chat"]);
        assert!(Scopes::named(["telepathy"]).is_err() && Scopes::named([""]).is_err());
        assert!(Scope::ALL.into_iter().all(|scope| scope.missing().contains(scope.as_str())));
    }
}
