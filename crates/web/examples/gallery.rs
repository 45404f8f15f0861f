//! Shows every example of every page in a browser, with the real assets and the real security headers.
//!
//! `cargo run -p web --example gallery [port]`, then open `/`. Looks are chosen in the address:
//! `/home.quiet?language=en&theme=dark&size=largest&mode=elder&environment=production`.

use std::fmt::Write as _;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::get;
use http::{StatusCode, header};
use web::display::{Display, DisplayForm};
use web::page::{Environment, Frame, samples};
use web::{asset, security_headers};

#[tokio::main]
async fn main() -> Result<(), std::io::Error> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port.unwrap_or(8099_u16))).await?;
    let router = Router::new()
        .route("/", get(list))
        .route("/sw.js", get(|| async { file(asset::service_worker()) }))
        .route("/static/{*path}", get(serve_asset))
        .fallback(get(show))
        .layer(axum::middleware::from_fn(security_headers::over_http));
    axum::serve(listener, router).await
}

async fn list() -> Response {
    let frame = Frame::new(Display::default(), Environment::Demo, "/");
    let mut page =
        String::from("<!doctype html><html lang=\"en\"><title>Gallery</title><h1>Gallery</h1><ul>");
    for sample in samples(&frame) {
        let _ = write!(page, "<li><a href=\"/{0}\">{0}</a></li>", sample.name);
    }
    html(StatusCode::OK, page + "</ul></html>")
}

async fn show(request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let value = |name: &str| {
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    };
    let mut display = Display::default();
    display.change(&DisplayForm {
        language: value("language"),
        theme: value("theme"),
        size: value("size"),
        mode: value("mode"),
        return_to: None,
    });
    let environment = match value("environment").as_deref() {
        Some("production") => Environment::Production,
        Some("sandbox") => Environment::Sandbox,
        _ => Environment::Demo,
    };
    let wanted = request.uri().path().trim_start_matches('/');
    let frame = Frame::new(display, environment, request.uri().path());
    let found = samples(&frame)
        .into_iter()
        .find(|sample| sample.name == wanted);
    match found.map(|sample| sample.html) {
        Some(Ok(page)) => html(StatusCode::OK, page),
        Some(Err(error)) => html(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        None if wanted.contains(".svg") => qr(),
        None => html(StatusCode::NOT_FOUND, "no such sample".to_owned()),
    }
}

async fn serve_asset(request: Request) -> Response {
    file(asset::find(request.uri().path()))
}

fn qr() -> Response {
    let image = web::page::qr::svg("http://localhost:8080/x/c2FtcGxlLXNlc3Npb24.7.bWFjLW1hYw");
    let mut response = Response::new(Body::from(image.unwrap_or_default()));
    let content_type = header::HeaderValue::from_static("image/svg+xml");
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    response
}

fn html(status: StatusCode, page: String) -> Response {
    let mut response = Response::new(Body::from(page));
    *response.status_mut() = status;
    let content_type = header::HeaderValue::from_static("text/html; charset=utf-8");
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    response
}

fn file(found: Option<asset::Asset>) -> Response {
    let Some(found) = found else {
        return html(StatusCode::NOT_FOUND, "no such asset".to_owned());
    };
    let mut response = Response::new(Body::from(found.body));
    for (name, value) in [
        (header::CONTENT_TYPE, found.content_type),
        (header::CACHE_CONTROL, found.cache_control),
    ] {
        response
            .headers_mut()
            .insert(name, header::HeaderValue::from_static(value));
    }
    response
}
