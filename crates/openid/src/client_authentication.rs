//! How a client says who it is at `/oauth/par` and `/oauth/token`.

use base64ct::{Base64, Encoding};

use crate::authorization_header::credentials_of;
use crate::{ClientId, CompactJws, ErrorCode, Form, OAuthError, Secret, form};

/// The one `client_assertion_type` (RFC 7523 §2.2).
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a request brings along to authenticate its client. Nothing is verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// `private_key_jwt` (OIDC Core §9).
    PrivateKeyJwt {
        /// `client_id`, which need not be sent; it must then equal the `sub` of the assertion (RFC 7521 §4.2).
        client_id: Option<ClientId>,
        /// To be verified with the keys of the client it names.
        assertion: CompactJws,
    },
    /// `client_secret_basic` (RFC 6749 §2.3.1).
    ClientSecretBasic {
        /// Who it says it is.
        client_id: ClientId,
        /// To be compared, in constant time, by digest.
        secret: Secret,
    },
    /// `none`: a name without a proof.
    None {
        /// Who it says it is.
        client_id: ClientId,
    },
}

impl ClientAuthentication {
    /// Longest accepted client secret, in bytes.
    pub const SECRET_LIMIT: usize = 256;

    /// Reads the value of the `Authorization` header, if there is one, and the body.
    ///
    /// More than one method is `invalid_request` (RFC 6749 §2.3), a method not offered or not readable `invalid_client`
    /// (§5.2). A secret in the body is not offered.
    pub fn parse(authorization: Option<&[u8]>, form: &Form) -> Result<Self, OAuthError> {
        let assertion = form.has("client_assertion") || form.has("client_assertion_type");
        match (authorization, form.has("client_secret"), assertion) {
            (None, false, false) => Ok(Self::None {
                client_id: client_id(form)?.ok_or(refused("client authentication is missing"))?,
            }),
            (Some(header), false, false) => client_secret_basic(header, form),
            (None, false, true) => private_key_jwt(form),
            (None, true, false) => Err(refused("client_secret_post is not supported")),
            _ => {
                Err(ErrorCode::InvalidRequest.because("more than one client authentication method"))
            }
        }
    }

    /// The registered name of the method (OIDC Core §9).
    pub const fn method(&self) -> &'static str {
        match self {
            Self::PrivateKeyJwt { .. } => "private_key_jwt",
            Self::ClientSecretBasic { .. } => "client_secret_basic",
            Self::None { .. } => "none",
        }
    }
}

fn private_key_jwt(form: &Form) -> Result<ClientAuthentication, OAuthError> {
    if form.text("client_assertion_type") != Some(JWT_BEARER) {
        return Err(refused("client_assertion_type is missing or unknown"));
    }
    let assertion = form
        .text("client_assertion")
        .ok_or(refused("client_assertion is missing"))?;
    Ok(ClientAuthentication::PrivateKeyJwt {
        client_id: client_id(form)?,
        assertion: CompactJws::new(assertion)
            .ok_or(refused("client_assertion is not a signed JWT"))?,
    })
}

fn client_secret_basic(header: &[u8], form: &Form) -> Result<ClientAuthentication, OAuthError> {
    let credentials =
        credentials_of(header, "Basic").ok_or(refused("the Authorization scheme must be Basic"))?;
    let (id, secret) =
        user_and_password(credentials).ok_or(refused("the Basic credentials are malformed"))?;
    let id = ClientId::new(&id).ok_or(refused("the Basic credentials are malformed"))?;
    if client_id(form)?.is_some_and(|in_body| in_body != id) {
        return Err(
            ErrorCode::InvalidRequest.because("client_id differs from the Authorization header")
        );
    }
    Ok(ClientAuthentication::ClientSecretBasic {
        client_id: id,
        secret: Secret::new(secret),
    })
}

/// RFC 7617 §2, with both halves form-encoded before (RFC 6749 §2.3.1).
fn user_and_password(credentials: &str) -> Option<(String, String)> {
    let bytes = Base64::decode_vec(credentials).ok()?;
    let colon = bytes.iter().position(|byte| *byte == b':')?;
    let (id, secret) = bytes.split_at(colon);
    let secret = form::decode(secret.get(1..)?).ok()?;
    let fits = (1..=ClientAuthentication::SECRET_LIMIT).contains(&secret.len());
    fits.then_some((form::decode(id).ok()?, secret))
}

fn client_id(form: &Form) -> Result<Option<ClientId>, OAuthError> {
    form.text("client_id")
        .map(|text| ClientId::new(text).ok_or(refused("client_id is malformed")))
        .transpose()
}

fn refused(description: &'static str) -> OAuthError {
    ErrorCode::InvalidClient.because(description)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(
        authorization: Option<&str>,
        body: &[(&str, &str)],
    ) -> Result<ClientAuthentication, OAuthError> {
        let form =
            Form::parse(Form::encode(body.iter().copied()).as_bytes()).expect("a valid form");
        ClientAuthentication::parse(authorization.map(str::as_bytes), &form)
    }

    fn basic(text: &str) -> String {
        format!("Basic {}", Base64::encode_string(text.as_bytes()))
    }

    const ASSERTION: [(&str, &str); 2] = [
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", "a.b.c"),
    ];

    #[test]
    fn reads_private_key_jwt() {
        let authentication = parse(None, &ASSERTION).expect("an assertion");
        let assertion = CompactJws::new("a.b.c").expect("a JWS");
        assert_eq!(authentication.method(), "private_key_jwt");
        assert_eq!(
            authentication,
            ClientAuthentication::PrivateKeyJwt {
                client_id: None,
                assertion
            }
        );

        let [kind, assertion] = ASSERTION;
        let named = parse(None, &[kind, assertion, ("client_id", "forum")]).expect("an assertion");
        assert!(matches!(
            named,
            ClientAuthentication::PrivateKeyJwt {
                client_id: Some(_),
                ..
            }
        ));
    }

    #[test]
    fn reads_client_secret_basic() {
        let expected = |id, secret| ClientAuthentication::ClientSecretBasic {
            client_id: ClientId::new(id).expect("a client id"),
            secret: Secret::new(secret),
        };
        assert_eq!(
            parse(Some(&basic("lab:s3cret")), &[]),
            Ok(expected("lab", "s3cret"))
        );
        assert_eq!(
            parse(Some(&basic("lab:a:b")), &[("client_id", "lab")]),
            Ok(expected("lab", "a:b"))
        );
        // RFC 6749 §2.3.1: id and secret are form-encoded first.
        assert_eq!(
            parse(Some(&basic("a%3Ab:p+q%25")), &[]),
            Ok(expected("a:b", "p q%"))
        );
        // RFC 9110 §11.1: the scheme is case-insensitive.
        assert_eq!(
            parse(Some(&basic("lab:s").replace("Basic", "bAsIc")), &[]),
            Ok(expected("lab", "s"))
        );
    }

    #[test]
    fn a_name_alone_is_none() {
        let client_id = ClientId::new("forum").expect("a client id");
        assert_eq!(
            parse(None, &[("client_id", "forum")]),
            Ok(ClientAuthentication::None { client_id })
        );
    }

    #[test]
    fn two_methods_are_an_invalid_request() {
        let [kind, assertion] = ASSERTION;
        let header = basic("lab:s3cret");
        for (authorization, body) in [
            (Some(header.as_str()), vec![kind, assertion]),
            (Some(&header), vec![assertion]),
            (Some(&header), vec![("client_secret", "x")]),
            (Some("Bearer x"), vec![kind, assertion]),
            (None, vec![kind, assertion, ("client_secret", "x")]),
            (Some(&header), vec![("client_id", "forum")]),
        ] {
            let code = parse(authorization, &body).map_err(|error| error.code);
            assert_eq!(
                code,
                Err(ErrorCode::InvalidRequest),
                "{authorization:?} {body:?}"
            );
        }
    }

    #[test]
    fn the_unreadable_is_an_invalid_client() {
        let [kind, assertion] = ASSERTION;
        let long = "x".repeat(ClientAuthentication::SECRET_LIMIT + 1);
        let headers = [
            "",
            "Basic",
            "Basic ",
            "Basic !",
            "Basic bGFi",
            "Bearer abc",
            "Basicbm86bm8=",
            "Digest a=b",
            &basic(":secret"),
            &basic("lab:"),
            &basic("lab"),
            &basic("lab:%"),
            &basic("lab:%00"),
            &basic("la b:x"),
            &basic(&format!("lab:{long}")),
            &format!("{} x", basic("lab:s3cret")),
        ]
        .map(str::to_owned);
        let bodies = [
            vec![],
            vec![("client_id", "two words")],
            vec![("client_id", "lab"), ("client_secret", "x")],
            vec![kind],
            vec![assertion],
            vec![
                assertion,
                (
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:saml2-bearer",
                ),
            ],
            vec![kind, ("client_assertion", "a.b")],
            vec![kind, ("client_assertion", "a.b.")],
            vec![kind, assertion, ("client_id", "two words")],
        ];
        let with_header = headers.iter().map(|header| (Some(header.as_str()), vec![]));
        for (authorization, body) in with_header.chain(bodies.into_iter().map(|body| (None, body)))
        {
            let code = parse(authorization, &body).map_err(|error| error.code);
            assert_eq!(
                code,
                Err(ErrorCode::InvalidClient),
                "{authorization:?} {body:?}"
            );
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let authentication = parse(Some(&basic("lab:s3cret")), &[]).expect("credentials");
        assert!(!format!("{authentication:?}").contains("s3cret"));
    }
}
