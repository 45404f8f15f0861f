//! A form of one of our own pages: nobody else's page can send it (CSRF), and it is within limits.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, header};
use openid::Form;
use url::Url;

use crate::app::App;
use crate::oauth;
use crate::page::problem::ProblemKind;
use crate::person::session::Visitor;
use crate::problem::page::PageProblem;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A form and who sent it.
pub struct Posted {
    /// Who.
    pub visitor: Visitor,
    /// What.
    pub form: Form,
}

impl FromRequest<Arc<App>> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        let refuse = |kind| PageProblem::new(visitor.frame(), kind).into_response();
        if !from_own_page(&app.service.issuer, &parts.headers) {
            return Err(refuse(ProblemKind::StaleForm));
        }
        let headers = parts.headers.clone();
        let body = Bytes::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|_| refuse(ProblemKind::StaleForm))?;
        match oauth::form(&headers, &body) {
            Ok(form) => Ok(Self { visitor, form }),
            Err(_) => Err(refuse(ProblemKind::StaleForm)),
        }
    }
}

/// Whether a browser says that the form stands on a page of this origin. Browsers say so by
/// `Sec-Fetch-Site` (Fetch Metadata), older ones by `Origin` (RFC 6454 §7); one that says neither is
/// not believed.
pub(crate) fn from_own_page(issuer: &str, headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let own = Url::parse(issuer)
        .ok()
        .map(|url| url.origin().ascii_serialization());
    let origin_is_own = own.is_some() && text(header::ORIGIN) == own.as_deref();
    match text(SEC_FETCH_SITE) {
        Some("same-origin") => true,
        Some("none") | None => origin_is_own,
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, http::HeaderValue::from_static(value));
        }
        from_own_page("https://wz.example", &headers)
    }

    #[test]
    fn only_a_page_of_this_origin_may_post() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        // Browsers send `Origin: null` where no referrer is wanted; the other header decides then.
        assert!(own(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "null")
        ]));
        assert!(own(&[("origin", "https://wz.example")]));
        assert!(own(&[
            ("sec-fetch-site", "none"),
            ("origin", "https://wz.example")
        ]));
        for foreign in [
            &[][..],
            &[("sec-fetch-site", "cross-site")],
            &[
                ("sec-fetch-site", "same-site"),
                ("origin", "https://wz.example"),
            ],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://wz.example.evil")],
            &[("origin", "http://wz.example")],
            &[("origin", "null")],
        ] {
            assert!(!own(foreign), "{foreign:?}");
        }
    }
}
