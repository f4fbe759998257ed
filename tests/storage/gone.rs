//! A database that can't be asked: then nothing is known, so nothing is shown and nothing is called done.

use reqwest::Method;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use takeback::storage::dialect::Dialect;

use crate::support::{Reply, TestApp};

/// Statements about a database, from outside of it.
async fn from_outside(url: &str, statements: &[String]) {
    let (server, _) = url.rsplit_once('/').unwrap();
    let mut connection = AnyConnection::connect(&format!("{server}/postgres")).await.unwrap();
    for statement in statements {
        connection.execute(sqlx::raw_sql(AssertSqlSafe(statement.clone()))).await.unwrap();
    }
    connection.close().await.unwrap();
}

#[tokio::test]
async fn while_the_database_is_away_pages_are_503_and_no_delete_is_acknowledged() {
    let app = TestApp::start().await;
    if app.db.dialect() == Dialect::Sqlite {
        return missing_on_sqlite();
    }
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let (delete, visitor) = (format!("/links/{}/delete", link.id), app.anonymous());
    let etag = visitor.get(&link.path()).await.header("etag").to_owned();
    assert!(!etag.is_empty());
    assert_eq!(visitor.get("/readyz").await.status, 200);

    let name = app.config.database.rsplit_once('/').unwrap().1.to_owned();
    let away = [
        format!("ALTER DATABASE \"{name}\" WITH ALLOW_CONNECTIONS false"),
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
    ];
    from_outside(&app.config.database, &away).await;
    for round in 0..3 {
        for below in ["", "/markdown", "/files/file_x", "/continue", "/report"] {
            let path = format!("{}{below}", link.path());
            for method in [Method::GET, Method::HEAD] {
                let answer = Reply::of(visitor.request(method.clone(), &path).header("if-none-match", &etag)).await;
                assert_eq!(answer.status, 503, "{method} {below} in round {round}");
                assert!(!answer.body.contains("green tea"));
            }
        }
        let deleted = owner.post_form(&delete, &[]).await;
        assert!(deleted.status >= 500, "round {round}: {}", deleted.status);
        assert_eq!(visitor.get("/healthz").await.status, 200, "the process is alive");
        assert!(visitor.get("/readyz").await.status >= 500);
    }

    from_outside(&app.config.database, &[format!("ALTER DATABASE \"{name}\" WITH ALLOW_CONNECTIONS true")]).await;
    // Each of the pool's old connections may fail once more.
    let mut answer = 0;
    for _ in 0..=app.config.connections {
        answer = visitor.get(&link.path()).await.status;
        if answer == 200 {
            break;
        }
    }
    assert_eq!(answer, 200, "the same process serves again, and nothing was deleted");
    for _ in 0..=app.config.connections {
        answer = owner.post_form(&delete, &[]).await.status;
        if answer == 303 {
            break;
        }
    }
    assert_eq!(answer, 303);
    assert_eq!(visitor.get(&link.path()).await.status, 404);
}

fn missing_on_sqlite() {
    println!("a SQLite file that is open can't be taken away; storage::full and storage::kill are its tests");
}
