//! Lists: a page of objects, and the cursors to the next one and back. A cursor is an object's id; the place that it
//! names is its sort key and its id, so that equal times lose nothing.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::body::{number, one_of, query, rest};
use crate::error::Error;

/// Objects on a page when nobody says how many.
const USUAL: i64 = 20;
/// And at the most.
const MOST: i64 = 100;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// Always `list`.
    #[schema(example = "list")]
    pub object: &'static str,
    /// The objects, in the order that was asked for.
    pub data: Vec<T>,
    /// The id of the first object on this page.
    #[schema(required = true)]
    pub first_id: Option<String>,
    /// The id of the last object on this page: `after` it comes the next page.
    #[schema(required = true)]
    pub last_id: Option<String>,
    /// Whether there are more in this direction.
    pub has_more: bool,
}

impl<T> List<T> {
    /// All that there is, on one page; `id` is where an object has its id.
    pub fn whole(data: Vec<T>, id: impl Fn(&T) -> &str) -> Self {
        let (first_id, last_id) = ends(&data, id);
        Self { object: "list", data, first_id, last_id, has_more: false }
    }
}

/// The ids of the first and the last one.
fn ends<R>(rows: &[R], id: impl Fn(&R) -> &str) -> (Option<String>, Option<String>) {
    let id = |row| id(row).to_owned();
    (rows.first().map(id), rows.last().map(id))
}

/// Which page of a list: what every list takes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the document; `Listing` reads them, so that what is wrong with them can be said")]
pub struct Page {
    /// Objects on a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20, required = false, nullable = false)]
    limit: Option<String>,
    /// Newest first (`desc`) or oldest first (`asc`), by the time at which they were made.
    #[param(value_type = Option<Order>, inline, required = false, nullable = false)]
    order: Option<String>,
    /// The id of the object that the page comes after: `last_id` of the page before.
    #[param(required = false, nullable = false)]
    after: Option<String>,
    /// The id of the object that the page comes before: `first_id` of the page behind.
    #[param(required = false, nullable = false)]
    before: Option<String>,
}

/// What a list is asked for: which page, and of which objects.
#[derive(Clone, Debug)]
pub struct Listing<T> {
    /// The page.
    pub place: Place,
    /// The list's own parameters; [`Nothing`](super::body::Nothing) where there are none.
    pub wanted: T,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Listing<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let names = ["limit", "order", "after", "before"];
        let mut fields = query(parts, state).await?;
        let [limit, order, after, before] = names.map(|name| match fields.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        });
        let place = Place::parse(limit.as_deref(), order.as_deref(), after, before)?;
        Ok(Self { place, wanted: rest(&names, fields)? })
    }
}

/// In which order.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Order {
    /// Oldest first.
    Asc,
    /// Newest first.
    Desc,
}

/// Which page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Objects on it.
    pub limit: usize,
    /// Oldest first.
    pub ascending: bool,
    /// The object that it begins behind, or ends before.
    pub cursor: Option<Cursor>,
}

/// An object beside the page that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// The page comes after it.
    After(String),
    /// The page comes before it.
    Before(String),
}

impl Cursor {
    /// The object's id.
    pub fn id(&self) -> &str {
        match self {
            Self::After(id) | Self::Before(id) => id,
        }
    }

    /// What is said about an object that isn't there.
    pub fn unknown(&self) -> Error {
        let param = match self {
            Self::After(_) => "after",
            Self::Before(_) => "before",
        };
        Error::bad_param(param, "There is no such object (any more). Begin again without this parameter.")
    }
}

impl Place {
    /// From the four parameters that every list takes.
    fn parse(limit: Option<&str>, order: Option<&str>, after: Option<String>, before: Option<String>) -> Result<Self, Error> {
        let limit = limit.map_or(Ok(USUAL), |text| number("limit", text, 1, MOST))?;
        let order = order.map_or(Ok("desc"), |text| one_of("order", text, &["asc", "desc"]))?;
        let cursor = match (after, before) {
            (Some(_), Some(_)) => return Err(Error::bad_param("before", "Give after or before, not both.")),
            (Some(id), None) => Some(Cursor::After(id)),
            (None, Some(id)) => Some(Cursor::Before(id)),
            (None, None) => None,
        };
        Ok(Self { limit: usize::try_from(limit).unwrap_or_default(), ascending: order == "asc", cursor })
    }

    /// Whether the query goes from small to large: a page before a cursor is read backwards.
    pub fn reads_ascending(&self) -> bool {
        self.ascending != self.is_backwards()
    }

    fn is_backwards(&self) -> bool {
        matches!(self.cursor, Some(Cursor::Before(_)))
    }

    /// One more than shows tells whether there are more.
    pub fn to_fetch(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(MOST) + 1
    }

    /// Makes the page of what was fetched; `id` is where an object has its id.
    pub fn page<R, T: Serialize>(&self, mut found: Vec<R>, id: impl Fn(&R) -> &str, object: impl FnMut(R) -> T) -> List<T> {
        let has_more = found.len() > self.limit;
        found.truncate(self.limit);
        if self.is_backwards() {
            found.reverse();
        }
        let (first_id, last_id) = ends(&found, id);
        List { object: "list", data: found.into_iter().map(object).collect(), first_id, last_id, has_more }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_from_its_cursor_and_shown_in_order() {
        let place = Place::parse(Some("2"), None, None, Some("c".to_owned())).unwrap();
        assert!(place.reads_ascending() && place.to_fetch() == 3);
        let page = place.page(vec!["d", "e", "f"], |id| id, |id| id);
        assert_eq!(
            (page.data, page.first_id.unwrap(), page.last_id.unwrap(), page.has_more),
            (vec!["e", "d"], "e".into(), "d".into(), true)
        );
        let place = Place::parse(None, Some("asc"), Some("c".to_owned()), None).unwrap();
        assert!(place.reads_ascending() && place.limit == 20);
        let page = place.page(Vec::<&str>::new(), |id| id, |id| id);
        assert_eq!((page.first_id, page.has_more), (None, false));
    }

    #[test]
    fn what_can_be_no_page_is_refused_by_name() {
        let some = |text: &str| Some(text.to_owned());
        for (limit, order, after, before, wrong) in [
            (Some("0"), None, None, None, "limit"),
            (Some("101"), None, None, None, "limit"),
            (Some("ten"), None, None, None, "limit"),
            (Some(""), None, None, None, "limit"),
            (None, Some("up"), None, None, "order"),
            (None, None, some("a"), some("b"), "before"),
        ] {
            let Err(Error::BadRequest { param, .. }) = Place::parse(limit, order, after, before) else { panic!("{wrong}") };
            assert_eq!(param.as_deref(), Some(wrong));
        }
    }
}
