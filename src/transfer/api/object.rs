//! The object `import`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Error;
use crate::transfer::report::{self, Report};
use crate::transfer::store::Running;

/// A file that is being imported, or was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Import {
    /// Opaque.
    #[schema(example = "imp_7hJkQ2mVt8nYw5LrC7dPzF")]
    pub id: String,
    /// Always `import`.
    #[schema(example = "import")]
    pub object: &'static str,
    /// Unix seconds.
    #[schema(example = 1_768_478_400)]
    pub created_at: i64,
    /// As the sender calls the file.
    #[schema(example = "chatgpt-export.zip")]
    pub file_name: String,
    /// `running`, `done`, `failed` (see `error`), or `interrupted`: the server was stopped, and the same file brings the rest,
    /// nothing doubled.
    #[schema(example = "done")]
    pub status: String,
    /// Of what there is to read.
    #[schema(example = 1_048_576)]
    pub total_bytes: i64,
    /// Of it, how many were read.
    #[schema(example = 1_048_576)]
    pub done_bytes: i64,
    /// What the file was recognised as.
    #[schema(example = "ChatGPT export")]
    pub source: String,
    /// What was taken until now.
    pub taken: Taken,
    /// What was not, and why; when it is done.
    pub left_out: Vec<LeftOut>,
    /// Remarks, such as what a format can't say; when it is done.
    pub notes: Vec<String>,
    /// Why it failed.
    #[schema(required = true)]
    pub error: Option<String>,
}

/// What was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportTaken)]
pub struct Taken {
    /// New conversations.
    #[schema(example = 12)]
    pub conversations: u64,
    /// Conversations that were here and got new messages.
    pub grown: u64,
    /// Conversations that were here already.
    pub unchanged: u64,
    /// New messages.
    #[schema(example = 240)]
    pub messages: u64,
    /// Pictures.
    pub images: u64,
    /// Other attached files.
    pub files: u64,
}

/// Something that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportLeftOut)]
pub struct LeftOut {
    /// What.
    pub what: String,
    /// How often.
    pub count: u64,
    /// Why.
    pub why: String,
}

impl From<report::LeftOut> for LeftOut {
    fn from(left: report::LeftOut) -> Self {
        Self { what: left.what, count: left.count, why: left.why }
    }
}

impl Import {
    /// As it stands in the database.
    ///
    /// # Errors
    /// [`Error::Json`] for a report that can't be read.
    pub fn of(import: Running) -> Result<Self, Error> {
        let report: Report = serde_json::from_str(&import.report)?;
        let counts = report.counts;
        Ok(Self {
            id: import.id,
            object: "import",
            created_at: import.created_at.div_euclid(1_000_000),
            file_name: import.file_name,
            status: import.state,
            total_bytes: import.total_bytes,
            done_bytes: import.done_bytes,
            source: report.source,
            taken: Taken {
                conversations: counts.conversations,
                grown: counts.grown,
                unchanged: counts.unchanged,
                messages: counts.messages,
                images: counts.images,
                files: counts.files,
            },
            left_out: report.left_out.into_iter().map(LeftOut::from).collect(),
            notes: counts.notes,
            error: report.failed,
        })
    }
}
