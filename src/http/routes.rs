//! Every route, grouped by feature. `tests/rights.rs` has a row for each of them, and fails for one that has none.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{self, MethodRouter};

use super::{health, layers};
use crate::answers::attachments;
use crate::app::App;
use crate::error::Error;
use crate::pages;

/// The router, and the list of what is in it.
pub struct Routes {
    router: Router<App>,
    /// Method and pattern, in the order of definition.
    pub list: Vec<(Method, &'static str)>,
}

impl Routes {
    fn get<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(Method::GET, path, routing::get(handler))
    }

    fn post<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(Method::POST, path, routing::post(handler))
    }

    fn delete<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(Method::DELETE, path, routing::delete(handler))
    }

    fn add(mut self, method: Method, path: &'static str, handler: MethodRouter<App>) -> Self {
        self.router = self.router.route(path, handler);
        self.list.push((method, path));
        self
    }
}

/// All routes.
pub fn all() -> Routes {
    let routes = Routes { router: Router::new(), list: Vec::new() };
    let routes = ground(routes);
    let routes = accounts(routes);
    let routes = conversations(routes);
    let routes = answers(routes);
    let routes = assistants(routes);
    let routes = transfer(routes);
    let routes = providers(routes);
    let routes = links(routes);
    let routes = guests(routes);
    let routes = webhooks(routes);
    api(routes)
}

/// For programs. Each operation under `/v1` is in the document too: `api::document`.
fn api(routes: Routes) -> Routes {
    use crate::api::{document, show};
    let routes = routes.get("/openapi.json", document::serve).get("/docs/api", show::show);
    let routes = routes.get("/v1/audit_events", crate::audit::api::list);
    let routes = links_api(routes);
    let routes = models_api(routes);
    let routes = webhooks_api(routes);
    let routes = assistants_api(routes);
    let routes = imports_api(routes);
    conversations_api(routes)
}

fn imports_api(routes: Routes) -> Routes {
    use crate::transfer::api::{create, retrieve};
    routes
        // The handler counts the bytes itself, as they come.
        .post(create::PATH, create::create.layer(DefaultBodyLimit::disable()))
        .get("/v1/imports/{import_id}", retrieve::retrieve)
}

fn assistants_api(routes: Routes) -> Routes {
    use crate::assistants::api::{create, delete, fields, list, retrieve, update, versions};
    routes
        .get("/v1/assistants", list::list)
        .post("/v1/assistants", create::create.layer(DefaultBodyLimit::max(fields::MAX_BYTES)))
        .get("/v1/assistants/{assistant_id}", retrieve::retrieve)
        .post("/v1/assistants/{assistant_id}", update::update.layer(DefaultBodyLimit::max(fields::MAX_BYTES)))
        .delete("/v1/assistants/{assistant_id}", delete::delete)
        .get("/v1/assistants/{assistant_id}/versions", versions::list)
}

fn conversations_api(routes: Routes) -> Routes {
    use crate::answers::api::send;
    use crate::api::body;
    use crate::conversations::api::{create, delete, list, messages, retrieve, update};
    routes
        .get("/v1/conversations", list::list)
        .post("/v1/conversations", create::create.layer(DefaultBodyLimit::max(body::MAX_BYTES_WITH_PICTURES)))
        .get("/v1/conversations/{conversation_id}", retrieve::retrieve)
        .post("/v1/conversations/{conversation_id}", update::update.layer(DefaultBodyLimit::max(body::MAX_BYTES)))
        .delete("/v1/conversations/{conversation_id}", delete::delete)
        .get("/v1/conversations/{conversation_id}/messages", messages::list)
        .post("/v1/conversations/{conversation_id}/messages", send::send.layer(DefaultBodyLimit::max(body::MAX_BYTES_WITH_PICTURES)))
}

fn models_api(routes: Routes) -> Routes {
    use crate::api::body;
    use crate::completions::complete;
    use crate::providers::api::{list, retrieve};
    routes
        .get("/v1/models", list::list)
        .get("/v1/models/{*model}", retrieve::retrieve)
        .post(complete::PATH, complete::complete.layer(DefaultBodyLimit::max(body::MAX_BYTES_WITH_PICTURES)))
}

fn webhooks_api(routes: Routes) -> Routes {
    use crate::api::body;
    use crate::webhooks::api::{create, delete, deliveries, list, retrieve, rotate, test, update};
    let body = || DefaultBodyLimit::max(body::MAX_BYTES);
    routes
        .get("/v1/webhook_endpoints", list::list)
        .post("/v1/webhook_endpoints", create::create.layer(body()))
        .get("/v1/webhook_endpoints/{endpoint_id}", retrieve::retrieve)
        .post("/v1/webhook_endpoints/{endpoint_id}", update::update.layer(body()))
        .delete("/v1/webhook_endpoints/{endpoint_id}", delete::delete)
        .post("/v1/webhook_endpoints/{endpoint_id}/rotate_secret", rotate::rotate.layer(body()))
        .post("/v1/webhook_endpoints/{endpoint_id}/test", test::test.layer(body()))
        .get("/v1/webhook_endpoints/{endpoint_id}/deliveries", deliveries::list)
        .post("/v1/webhook_endpoints/{endpoint_id}/deliveries/{delivery_id}/retry", deliveries::retry)
}

fn links_api(routes: Routes) -> Routes {
    use crate::api::body;
    use crate::links::api::{create, delete, list, retrieve, update};
    routes
        .get("/v1/shared_links", list::list)
        .post("/v1/shared_links", create::create.layer(DefaultBodyLimit::max(body::MAX_BYTES_WITH_PICTURES)))
        .delete("/v1/shared_links", delete::delete_all)
        .get("/v1/shared_links/{link_id}", retrieve::retrieve)
        .post("/v1/shared_links/{link_id}", update::update.layer(DefaultBodyLimit::max(body::MAX_BYTES)))
        .delete("/v1/shared_links/{link_id}", delete::delete)
}

fn conversations(routes: Routes) -> Routes {
    use crate::conversations::pages::{delete, file, rename, sample, show, switch};
    use crate::conversations::sidebar;
    routes
        .get("/", show::home)
        .get("/conversations", sidebar::show)
        .get("/c/{id}", show::conversation)
        .get("/c/{id}/rename", rename::ask)
        .post("/c/{id}/rename", rename::save)
        .get("/c/{id}/delete", delete::ask)
        .post("/c/{id}/delete", delete::delete)
        .post("/c/{id}/branch", switch::choose)
        .get("/files/{file}", file::show)
        .post("/sample", sample::create)
}

fn answers(routes: Routes) -> Routes {
    use crate::answers::pages::{again, edit, events, instructions, say, stop};
    routes
        .post("/chats", say::begin.layer(DefaultBodyLimit::max(attachments::MAX_FORM_BYTES)))
        .post("/c/{id}/messages", say::next.layer(DefaultBodyLimit::max(attachments::MAX_FORM_BYTES)))
        .get("/c/{id}/messages/{message}/edit", edit::ask)
        .post("/c/{id}/messages/{message}/edit", edit::send)
        .post("/c/{id}/messages/{message}/again", again::send)
        .post("/c/{id}/stop", stop::send)
        .get("/c/{id}/events", events::follow)
        .post("/settings/instructions", instructions::save)
}

fn assistants(routes: Routes) -> Routes {
    use crate::assistants::form;
    use crate::assistants::pages::{delete, edit, editors, library, picture, preview, start, versions};
    use crate::links::pages::assistant;
    routes
        .get("/assistants", library::show)
        .post("/assistants", edit::create.layer(DefaultBodyLimit::max(form::MAX_BYTES)))
        .get("/assistants/new", edit::ask_new)
        .get("/assistants/{id}", start::show)
        .post("/assistants/{id}/chats", start::begin.layer(DefaultBodyLimit::max(attachments::MAX_FORM_BYTES)))
        .get("/assistants/{id}/picture/{file}", picture::show)
        .get("/assistants/{id}/edit", edit::ask)
        .post("/assistants/{id}/edit", edit::send.layer(DefaultBodyLimit::max(form::MAX_BYTES)))
        .post("/assistants/{id}/publish", edit::publish)
        .post("/assistants/{id}/duplicate", edit::copy)
        .post("/assistants/{id}/visibility", edit::list)
        .post("/assistants/{id}/links", assistant::make)
        .get("/assistants/{id}/delete", delete::ask)
        .post("/assistants/{id}/delete", delete::delete)
        .get("/assistants/{id}/editors", editors::show)
        .post("/assistants/{id}/editors", editors::add)
        .post("/assistants/{id}/editors/{user}/remove", editors::remove)
        .get("/assistants/{id}/versions", versions::list)
        .get("/assistants/{id}/versions/{number}", versions::compare)
        .post("/assistants/{id}/versions/{number}/restore", versions::restore)
        .get("/assistants/{id}/preview", preview::show)
        .post("/assistants/{id}/preview/messages", preview::say.layer(DefaultBodyLimit::max(attachments::MAX_FORM_BYTES)))
        .post("/assistants/{id}/preview/stop", preview::stop)
        .post("/assistants/{id}/preview/clear", preview::clear)
        .get("/assistants/{id}/preview/events", preview::events)
}

fn transfer(routes: Routes) -> Routes {
    use crate::transfer::pages;
    routes
        .get("/import", pages::choose)
        // The handler counts the bytes itself, as they come.
        .post(layers::UPLOAD, pages::send.layer(DefaultBodyLimit::disable()))
        .get("/import/{id}", pages::progress)
}

fn providers(routes: Routes) -> Routes {
    use crate::providers::pages::{edit, list, models, remove, rule};
    routes
        .get("/settings/models", list::show)
        .post("/settings/models/refresh", list::fetch)
        .post("/settings/models/default", list::choose)
        .get("/settings/models/add", edit::ask_new)
        .post("/settings/models/add", edit::add)
        .get("/settings/models/{id}/edit", edit::ask)
        .post("/settings/models/{id}/edit", edit::change)
        .post("/settings/models/{id}/test", list::test)
        .get("/settings/models/{id}/remove", remove::ask)
        .post("/settings/models/{id}/remove", remove::remove)
        .get("/settings/models/{id}/models", models::show)
        .post("/settings/models/{id}/models", models::save)
        .get("/settings/models/{id}/rule", rule::ask)
        .post("/settings/models/{id}/rule", rule::save)
}

fn accounts(routes: Routes) -> Routes {
    use crate::accounts::pages::{account, data, delete, invite, people, reset, set_up, sign_in, sign_up};
    use crate::api_keys::pages as keys;
    use crate::audit::pages as activity;
    routes
        .get("/setup", set_up::ask)
        .post("/setup", set_up::make)
        .get("/signin", sign_in::ask)
        .post("/signin", sign_in::enter_here)
        .post("/signout", sign_in::out)
        .get("/signup", sign_up::ask)
        .post("/signup", sign_up::make)
        .get("/invite/{token}", invite::ask)
        .post("/invite/{token}", invite::accept)
        .get("/reset/{token}", reset::ask)
        .post("/reset/{token}", reset::set)
        .get("/settings", account::show)
        .post("/settings/profile", account::profile)
        .post("/settings/password", account::password)
        .post("/settings/sessions", account::end_others)
        .get("/settings/data", data::show)
        .get("/settings/keys", keys::show)
        .post("/settings/keys", keys::make)
        .get("/settings/keys/{id}/revoke", keys::ask)
        .post("/settings/keys/{id}/revoke", keys::revoke)
        .get("/settings/activity", activity::show)
        .get("/settings/activity/export", activity::export)
        .get("/settings/delete-account", delete::ask)
        .post("/settings/delete-account", delete::delete_own)
        .get("/settings/people", people::show)
        .post("/settings/people/invite", people::invite)
        .post("/settings/people/signup", people::sign_up)
        .post("/settings/people/{id}/disable", people::disable)
        .post("/settings/people/{id}/enable", people::enable)
        .post("/settings/people/{id}/role", people::role)
        .post("/settings/people/{id}/reset", people::reset)
}

fn links(routes: Routes) -> Routes {
    use crate::links::pages::{caps, carry_on, edit, frames, list, pause, publish, report, revoke, unlock, view};
    routes
        .get("/c/{id}/share", publish::show)
        .post("/c/{id}/share", publish::make)
        .get("/c/{id}/share/preview", publish::preview)
        .get("/links", list::show)
        .get("/links/delete-all", revoke::ask_all)
        .post("/links/delete-all", revoke::delete_all)
        .post("/links/{id}/edit", edit::edit)
        .post("/links/{id}/update", edit::update)
        .post("/links/{id}/pause", pause::pause)
        .post("/links/{id}/resume", pause::resume)
        .post("/links/{id}/caps", caps::save)
        .post("/links/{id}/frames", frames::save)
        .get("/links/{id}/delete", revoke::ask)
        .post("/links/{id}/delete", revoke::delete)
        .get("/share/{token}", view::show)
        .post("/share/{token}/open", unlock::open)
        .get("/share/{token}/markdown", view::as_markdown)
        .get("/share/{token}/files/{file}", view::file)
        .get("/share/{token}/continue", carry_on::ask)
        .post("/share/{token}/continue", carry_on::copy)
        .get("/share/{token}/report", report::ask)
        .post("/share/{token}/report", report::send)
}

fn guests(routes: Routes) -> Routes {
    use crate::guests::pages::{clear, events, keep, picture, say, show, stop};
    routes
        .get("/g/{token}", show::show)
        .get("/g/{token}/picture", picture::show)
        .post("/g/{token}/messages", say::say.layer(DefaultBodyLimit::max(attachments::MAX_FORM_BYTES)))
        .post("/g/{token}/stop", stop::stop)
        .post("/g/{token}/clear", clear::clear)
        .post("/g/{token}/keep", keep::keep)
        .get("/g/{token}/events", events::events)
        .get("/embed/g/{token}", show::show)
        .get("/embed/g/{token}/picture", picture::show)
        .post("/embed/g/{token}/messages", say::say.layer(DefaultBodyLimit::max(attachments::MAX_FORM_BYTES)))
        .post("/embed/g/{token}/stop", stop::stop)
        .post("/embed/g/{token}/clear", clear::clear)
        .get("/embed/g/{token}/events", events::events)
}

fn webhooks(routes: Routes) -> Routes {
    use crate::webhooks::pages::{change, delete, list, rotate, show};
    routes
        .get("/settings/webhooks", list::show)
        .post("/settings/webhooks", list::make)
        .get("/settings/webhooks/{id}", show::show)
        .post("/settings/webhooks/{id}", change::change)
        .post("/settings/webhooks/{id}/state", change::switch)
        .post("/settings/webhooks/{id}/test", show::test)
        .post("/settings/webhooks/{id}/deliveries/{delivery}/again", show::again)
        .get("/settings/webhooks/{id}/secret", rotate::ask)
        .post("/settings/webhooks/{id}/secret", rotate::rotate)
        .get("/settings/webhooks/{id}/delete", delete::ask)
        .post("/settings/webhooks/{id}/delete", delete::delete)
}

fn ground(routes: Routes) -> Routes {
    routes
        .get("/assets/{hash}/{*name}", pages::assets::serve)
        .get("/healthz", health::alive)
        .get("/readyz", health::ready)
        .get("/robots.txt", health::robots)
}

/// The server's one service.
pub fn service(app: &App) -> Router {
    let router = all().router.method_not_allowed_fallback(async || Error::MethodNotAllowed);
    layers::wrap(router.fallback(async || Error::NotFound), app)
}
