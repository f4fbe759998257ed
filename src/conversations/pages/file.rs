//! Pictures and attachments of one's own conversations.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::conversations::store;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::http::headers;

/// What a browser may show by itself. Everything else is bytes to be saved, whatever it claims to be.
pub const SHOWN: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// `GET /files/{file}`
pub async fn show(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, Path(file): Path<String>) -> Result<Response, Error> {
    let file = store::file(&mut *app.db.read().await?, &user.id, &file).await?;
    let shown = SHOWN.into_iter().find(|known| *known == file.media_type);
    let headers: [(HeaderName, HeaderValue); 4] = [
        (CONTENT_TYPE, HeaderValue::from_static(shown.unwrap_or("application/octet-stream"))),
        (CONTENT_DISPOSITION, disposition(shown.is_some(), &file.name)?),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(headers::FILE)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, file.bytes).into_response())
}

/// RFC 6266 with the name encoded as in RFC 8187: its last part only, percent-encoded, so no byte of it can end the
/// value.
fn disposition(shown: bool, name: &str) -> Result<HeaderValue, Error> {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let encoded = askama::filters::urlencode_strict(base).map(|encoded| encoded.to_string()).unwrap_or_default();
    let kind = if shown { "inline" } else { "attachment" };
    HeaderValue::from_str(&format!("{kind}; filename*=UTF-8''{encoded}"))
        .map_err(|_| Error::Internal("a file name could not be put into a header".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_can_t_leave_its_place() {
        let header = disposition(false, "../../a\r\nSet-Cookie: x=\"ü\";.html").unwrap();
        assert_eq!(header.to_str().unwrap(), "attachment; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%3D%22%C3%BC%22%3B.html");
    }
}
