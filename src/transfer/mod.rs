//! stub
pub mod import {
    pub async fn one(_: &crate::app::App, _: &crate::accounts::user::User, _: &str) -> Result<String, crate::error::Error> {
        Err(crate::error::Error::NotFound)
    }
}
