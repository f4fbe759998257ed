//! The object `conversation`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::conversations::store::Detail;

/// A conversation of yours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Conversation {
    /// Its page is `/c/` and this.
    #[schema(example = "conv_5kPqR8sTuVwXyZ2aBcDeFg")]
    pub id: String,
    /// Always `conversation`.
    #[schema(example = "conversation")]
    pub object: &'static str,
    /// Unix seconds; of an imported one, as its source says.
    #[schema(example = 1_768_478_400)]
    pub created_at: i64,
    /// Unix seconds; the time of the last message.
    #[schema(example = 1_768_478_460)]
    pub updated_at: i64,
    /// Its title.
    #[schema(example = "Tea for two")]
    pub title: String,
    /// The last message of the current branch; null: nothing was said yet.
    #[schema(required = true, example = "msg_8sTuVwXyZ2aBcDeFg5kPqR")]
    pub current_message_id: Option<String>,
    /// Where it was imported from, such as `chatgpt`; null: it is from here.
    #[schema(required = true)]
    pub source: Option<String>,
    /// Whether it has a link that others can open.
    pub shared: bool,
}

impl Conversation {
    /// As it is stored.
    pub fn of(detail: Detail) -> Self {
        let seconds = |micros: i64| micros.div_euclid(1_000_000);
        Self {
            id: detail.id,
            object: "conversation",
            created_at: seconds(detail.created_at),
            updated_at: seconds(detail.updated_at),
            title: detail.title,
            current_message_id: detail.current_message_id,
            source: detail.source,
            shared: detail.shared != 0,
        }
    }
}
