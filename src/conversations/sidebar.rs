//! stub
#[derive(Default, Clone)]
pub struct AppFrame {
    pub user_name: String,
    pub user_initials: String,
    pub admin: bool,
    pub sidebar: ConversationList,
}
#[derive(Default, Clone)]
pub struct ConversationList {
    pub query: String,
    pub groups: Vec<G>,
    pub more: Option<String>,
}
#[derive(Clone)]
pub struct G {
    pub label: String,
    pub conversations: Vec<R>,
}
#[derive(Clone)]
pub struct R {
    pub id: String,
    pub title: String,
    pub shared: bool,
    pub current: bool,
}
pub async fn frame(_: &crate::app::App, _: &crate::accounts::user::User, _: Option<&str>) -> Result<AppFrame, crate::error::Error> {
    Ok(AppFrame::default())
}
