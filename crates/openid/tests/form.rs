//! Forms: print and parse agree with each other and with the outside; doubles and giants are always refused.

use openid::{Form, FormError};
use proptest::collection::btree_map;
use proptest::prelude::*;

fn name() -> impl Strategy<Value = String> {
    any::<String>().prop_filter("a name within the rules", |text| {
        !text.is_empty() && text.len() <= Form::NAME_LIMIT && !text.chars().any(char::is_control)
    })
}

fn value() -> impl Strategy<Value = String> {
    any::<String>().prop_filter("no control characters", |text| {
        !text.chars().any(char::is_control)
    })
}

proptest! {
    #[test]
    fn print_then_parse_is_the_same(fields in btree_map(name(), value(), 0..8)) {
        let pairs = || fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let form = Form::parse(Form::encode(pairs()).as_bytes()).expect("a printed form parses");
        for (name, value) in pairs() {
            prop_assert_eq!(form.text(name), Some(value).filter(|value| !value.is_empty()));
        }
    }

    /// The `url` crate is a reader nobody here wrote.
    #[test]
    fn an_outside_reader_agrees(fields in btree_map(name(), value(), 0..8)) {
        let text = Form::encode(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let read: Vec<(String, String)> = url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        prop_assert_eq!(read, fields.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn an_outside_printer_is_read(fields in btree_map(name(), value(), 0..8)) {
        let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let form = Form::parse(text.as_bytes()).expect("what browsers print parses");
        for (name, value) in &fields {
            prop_assert_eq!(form.text(name), Some(value.as_str()).filter(|value| !value.is_empty()));
        }
    }

    /// RFC 6749 §3.1: never twice, wherever the second stands and whatever its value.
    #[test]
    fn doubles_are_refused(
        fields in btree_map(name(), value(), 1..8),
        again in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        other in value(),
    ) {
        let mut pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let (name, _) = pairs[again.index(pairs.len())];
        pairs.insert(place.index(pairs.len() + 1), (name, &other));
        prop_assert_eq!(Form::parse(Form::encode(pairs).as_bytes()), Err(FormError::Duplicate));
    }

    #[test]
    fn giants_are_refused(extra in 1_usize..4096, name in "[a-z]{1,20}") {
        let long = "x".repeat(Form::VALUE_LIMIT + extra);
        let refused = Form::parse(Form::encode([(name.as_str(), long.as_str())]).as_bytes());
        prop_assert_eq!(refused, Err(FormError::ValueTooLong));
        let long = "x".repeat(Form::NAME_LIMIT + extra);
        let refused = Form::parse(Form::encode([(long.as_str(), "1")]).as_bytes());
        prop_assert_eq!(refused, Err(FormError::NameTooLong));
    }

    #[test]
    fn control_characters_are_refused(before in value(), control in prop::char::range('\0', '\u{1f}'), after in value()) {
        let value = format!("{before}{control}{after}");
        let refused = Form::parse(Form::encode([("state", value.as_str())]).as_bytes());
        prop_assert_eq!(refused, Err(FormError::ControlCharacter));
    }
}
