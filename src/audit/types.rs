//! Which events there are.

/// What an event is about: one choice of the filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Links made, changed, taken back.
    Links,
    /// Doors.
    SignIns,
    /// API keys.
    Keys,
    /// Programs that are told what happens.
    Webhooks,
    /// Conversations that came or went.
    Conversations,
    /// Assistants made, changed, published, deleted.
    Assistants,
    /// Accounts and invitations.
    People,
    /// Where answers come from.
    Models,
}

impl Kind {
    /// All of them, in the order of the filter.
    pub const ALL: [Self; 8] =
        [Self::Links, Self::SignIns, Self::Keys, Self::Webhooks, Self::Conversations, Self::Assistants, Self::People, Self::Models];

    /// As it stands in an address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Links => "links",
            Self::SignIns => "sign_ins",
            Self::Keys => "keys",
            Self::Webhooks => "webhooks",
            Self::Conversations => "conversations",
            Self::Assistants => "assistants",
            Self::People => "people",
            Self::Models => "models",
        }
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Links => "Shared links",
            Self::SignIns => "Signing in and out",
            Self::Keys => "API keys",
            Self::Webhooks => "Webhooks",
            Self::Conversations => "Conversations",
            Self::Assistants => "Assistants",
            Self::People => "Accounts and people",
            Self::Models => "Models",
        }
    }

    /// The types of its events.
    pub fn types(self) -> Vec<&'static str> {
        TYPES.iter().filter(|(kind, ..)| *kind == self).map(|(_, name, _)| *name).collect()
    }

    /// By its name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Every type of event: what it is about, its name, and its words for people.
pub const TYPES: &[(Kind, &str, &str)] = &[
    (Kind::Links, "shared_link.created", "Link made"),
    (Kind::Links, "shared_link.updated", "Link changed"),
    (Kind::Links, "shared_link.paused", "Link paused"),
    (Kind::Links, "shared_link.resumed", "Link resumed"),
    (Kind::Links, "shared_link.deleted", "Link deleted"),
    (Kind::Links, "shared_link.all_deleted", "All links deleted"),
    (Kind::Links, "shared_link.expired", "Link expired"),
    (Kind::SignIns, "user.signed_in", "Signed in"),
    (Kind::SignIns, "user.sign_in_failed", "Sign-in failed"),
    (Kind::SignIns, "session.ended", "Signed out"),
    (Kind::Keys, "api_key.created", "API key made"),
    (Kind::Keys, "api_key.revoked", "API key revoked"),
    (Kind::Webhooks, "webhook_endpoint.created", "Webhook made"),
    (Kind::Webhooks, "webhook_endpoint.updated", "Webhook changed"),
    (Kind::Webhooks, "webhook_endpoint.secret_rotated", "Webhook’s secret changed"),
    (Kind::Webhooks, "webhook_endpoint.disabled", "Webhook switched off by the server"),
    (Kind::Webhooks, "webhook_endpoint.deleted", "Webhook deleted"),
    (Kind::Conversations, "conversation.continued", "Conversation continued from a link"),
    (Kind::Conversations, "conversation.deleted", "Conversation deleted"),
    (Kind::Conversations, "conversations.imported", "Conversations imported"),
    (Kind::Assistants, "assistant.created", "Assistant made"),
    (Kind::Assistants, "assistant.updated", "Assistant changed"),
    (Kind::Assistants, "assistant.published", "Assistant published"),
    (Kind::Assistants, "assistant.listed", "Assistant listed for members"),
    (Kind::Assistants, "assistant.unlisted", "Assistant no longer listed"),
    (Kind::Assistants, "assistant.editor_added", "Editor of an assistant added"),
    (Kind::Assistants, "assistant.editor_removed", "Editor of an assistant taken out"),
    (Kind::Assistants, "assistant.deleted", "Assistant deleted"),
    (Kind::People, "user.created", "Account made"),
    (Kind::People, "user.disabled", "Account disabled"),
    (Kind::People, "user.enabled", "Account enabled"),
    (Kind::People, "user.deleted", "Account deleted"),
    (Kind::People, "user.made_admin", "Made an administrator"),
    (Kind::People, "user.made_member", "No longer an administrator"),
    (Kind::People, "user.name_changed", "Name changed"),
    (Kind::People, "user.email_changed", "E-mail address changed"),
    (Kind::People, "user.password_changed", "Password changed"),
    (Kind::People, "password_link.created", "Password link made"),
    (Kind::People, "invitation.created", "Invitation made"),
    (Kind::People, "invitation.accepted", "Invitation accepted"),
    (Kind::People, "sign_up.changed", "Sign-up setting changed"),
    (Kind::Models, "provider.added", "Provider added"),
    (Kind::Models, "provider.changed", "Provider changed"),
    (Kind::Models, "provider.removed", "Provider removed"),
    (Kind::Models, "models.shown", "Shown models changed"),
    (Kind::Models, "model.allowed", "Who may use a model changed"),
    (Kind::Models, "model.default", "Default model changed"),
];

/// The type of this name.
pub fn known(name: &str) -> Option<&'static str> {
    TYPES.iter().find(|(_, known, _)| *known == name).map(|(_, known, _)| *known)
}

/// Its words for people; a type that another version wrote has its name.
pub fn words(name: &str) -> &str {
    TYPES.iter().find(|(_, known, _)| *known == name).map_or(name, |(.., words)| words)
}
