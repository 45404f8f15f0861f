//! The redirect back: whose answer it is, and what it says (RFC 6749 §4.1.2, RFC 9207).

use openid::Form;

use super::{Distrust, NoResult};

/// The `state` an answer names, to find its request. Trusts nothing else.
pub(crate) fn state(query: &str) -> Option<String> {
    Form::from_query(Some(query))
        .ok()?
        .text("state")
        .map(str::to_owned)
}

/// The code of an answer to the request with this `state`, from this issuer and no other.
pub(super) fn code(query: &str, state: &str, issuer: &str) -> Result<String, NoResult> {
    // A parameter that comes twice is refused in parsing (RFC 6749 §3.1).
    let form = Form::from_query(Some(query)).map_err(|_| Distrust::Form)?;
    // 1. RFC 9207 §2.4: the issuer first, and exactly.
    if form.text("iss") != Some(issuer) {
        return Err(Distrust::Issuer.into());
    }
    // 2. The request this browser made.
    if form.text("state") != Some(state) {
        return Err(Distrust::State.into());
    }
    // 3. A code, or an error.
    match (form.text("code"), form.text("error")) {
        (Some(code), None) => Ok(code.to_owned()),
        (None, Some(error)) => Err(NoResult::NotGiven(error.to_owned())),
        _ => Err(Distrust::Form.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "http://localhost:8080";
    const ISS: &str = "iss=http%3A%2F%2Flocalhost%3A8080";

    fn read(query: &str) -> Result<String, NoResult> {
        code(query, "abc", ISSUER)
    }

    #[test]
    fn an_answer_is_taken_from_the_issuer_to_this_request_alone() {
        assert_eq!(read(&format!("code=c&state=abc&{ISS}")), Ok("c".to_owned()));
        for (query, distrust) in [
            ("code=c&state=abc".to_owned(), Distrust::Issuer),
            (
                "code=c&state=abc&iss=http%3A%2F%2Fevil.example".to_owned(),
                Distrust::Issuer,
            ),
            (
                "code=c&state=abc&iss=http%3A%2F%2Flocalhost%3A8080%2F".to_owned(),
                Distrust::Issuer,
            ),
            (format!("code=c&state=other&{ISS}"), Distrust::State),
            (format!("code=c&{ISS}"), Distrust::State),
            (format!("state=abc&{ISS}"), Distrust::Form),
            (
                format!("code=c&error=access_denied&state=abc&{ISS}"),
                Distrust::Form,
            ),
            (format!("code=c&code=d&state=abc&{ISS}"), Distrust::Form),
        ] {
            assert_eq!(read(&query), Err(distrust.into()), "{query}");
        }
    }

    /// R8.1: all a platform learns of a no.
    #[test]
    fn r8_1_a_no_is_access_denied() {
        let denied = read(&format!("error=access_denied&state=abc&{ISS}"));
        assert_eq!(denied, Err(NoResult::NotGiven("access_denied".to_owned())));
        // An error of another issuer is not even read.
        assert_eq!(
            read("error=access_denied&state=abc"),
            Err(Distrust::Issuer.into())
        );
    }
}
