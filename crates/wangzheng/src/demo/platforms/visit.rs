//! Who visits which platform, in which language, with which session.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Path, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::random;
use openid::Form;

use super::{Platforms, site::Site};

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// zh-CN.
    Chinese,
    /// en.
    English,
}

impl Language {
    /// BCP 47 tag.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    fn of_tag(tag: &str) -> Option<Self> {
        let tag = tag.trim().to_ascii_lowercase();
        match tag.get(..2) {
            Some("zh") => Some(Self::Chinese),
            Some("en") => Some(Self::English),
            _ => None,
        }
    }

    /// The language chosen before, else the first of ours in `Accept-Language`, else Chinese.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        cookie(headers, "lang")
            .and_then(|tag| Self::of_tag(&tag))
            .or_else(|| {
                let wished = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
                wished.split(',').find_map(Self::of_tag)
            })
            .unwrap_or(Self::Chinese)
    }
}

/// A visit to one platform.
pub(super) struct Visit {
    /// Where.
    pub(super) site: Arc<Site>,
    /// In which language.
    pub(super) language: Language,
    /// The text of the session cookie; a new one where there was none.
    pub(super) token: String,
    is_new: bool,
}

impl FromRequestParts<Arc<Platforms>> for Visit {
    type Rejection = StatusCode;

    async fn from_request_parts(
        parts: &mut Parts,
        platforms: &Arc<Platforms>,
    ) -> Result<Self, StatusCode> {
        let Path(name) = Path::<String>::from_request_parts(parts, platforms)
            .await
            .map_err(|_| StatusCode::NOT_FOUND)?;
        let site = platforms
            .sites
            .iter()
            .find(|site| site.name() == name)
            .ok_or(StatusCode::NOT_FOUND)?
            .clone();
        // A token this process did not give is not taken over: it may be somebody else's idea.
        let known =
            cookie(&parts.headers, &cookie_name(&site)).filter(|token| site.sessions.knows(token));
        let is_new = known.is_none();
        let token = known.unwrap_or_else(|| {
            Base64UrlUnpadded::encode_string(&random::array::<16>(&*platforms.random))
        });
        Ok(Self {
            language: Language::of(&parts.headers),
            site,
            token,
            is_new,
        })
    }
}

impl Visit {
    /// An answer to this visit, with the session cookie where it is new.
    pub(super) fn answer(&self, response: impl IntoResponse) -> Response {
        let mut response = response.into_response();
        if self.is_new {
            let name = self.site.name();
            let text = format!(
                "{}={}; Path=/{name}; HttpOnly; SameSite=Lax",
                cookie_name(&self.site),
                self.token
            );
            if let Ok(value) = HeaderValue::from_str(&text) {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
        }
        response
    }

    /// Goes on to another page of the platform.
    pub(super) fn go(&self, page: &str) -> Response {
        self.answer(Redirect::to(&format!("/{}{page}", self.site.name())))
    }
}

fn cookie_name(site: &Site) -> String {
    format!("{}_session", site.name())
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.to_owned())
}

/// `?lang=en` remembers the choice and shows the same page in it.
pub(super) async fn choose_language(request: Request, next: Next) -> Response {
    let chosen = Form::from_query(request.uri().query())
        .ok()
        .and_then(|query| Language::of_tag(query.text("lang")?));
    let Some(language) = chosen else {
        return next.run(request).await;
    };
    let mut response = Redirect::to(request.uri().path()).into_response();
    let text = format!(
        "lang={}; Path=/; SameSite=Lax; Max-Age=31536000",
        language.tag()
    );
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(name: &'static str, value: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        Language::of(&headers)
    }

    #[test]
    fn the_language_is_the_chosen_then_the_wished_then_chinese() {
        assert_eq!(language("cookie", "a=b; lang=en"), Language::English);
        assert_eq!(
            language("accept-language", "fr, en-GB;q=0.8, zh"),
            Language::English
        );
        assert_eq!(language("accept-language", "zh-TW, en"), Language::Chinese);
        assert_eq!(language("accept-language", "fr"), Language::Chinese);
        assert_eq!(language("accept", "*"), Language::Chinese);
    }
}
