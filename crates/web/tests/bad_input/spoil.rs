//! Ways to spoil one place of a call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use testkit::Fields;

/// One place, and what happens to it. The first spoil of a property is of the first place, the next of the next, and
/// when all had one kind, the next kind begins: each run spoils every place in every way; only the values are random.
#[derive(Debug, Clone)]
pub(super) struct Spoil {
    step: usize,
    /// How many calls take turns.
    turns: usize,
    value: Value,
    /// Which value of somebody else.
    whose: Index,
    walk: Arc<Walk>,
}

/// How far a property has come. When it ends, every place must have been spoiled in every way.
#[derive(Debug, Default)]
struct Walk {
    steps: AtomicUsize,
    needed: AtomicUsize,
}

impl Drop for Walk {
    fn drop(&mut self) {
        let (steps, needed) = (*self.steps.get_mut(), *self.needed.get_mut());
        assert!(
            steps >= needed || std::thread::panicking(),
            "{steps} cases do not reach every place in every way: {needed} are needed"
        );
    }
}

#[derive(Debug, Clone, Copy)]
enum How {
    /// Another value.
    Replace,
    Remove,
    /// The same name twice.
    Again,
    /// A name nobody knows, beside it.
    Beside,
    /// A value of somebody else, or one that was used before.
    Foreign,
    /// The good value, changed a little: one character gone, one added, cut in half, inside a list.
    Shorter,
    Longer,
    Half,
    Listed,
}

impl How {
    const ALL: [Self; 9] = [
        Self::Replace,
        Self::Remove,
        Self::Again,
        Self::Beside,
        Self::Foreign,
        Self::Shorter,
        Self::Longer,
        Self::Half,
        Self::Listed,
    ];
}

/// The next spoil.
pub(super) fn any_spoil() -> impl Strategy<Value = Spoil> {
    let walk = Arc::new(Walk::default());
    (value(), any::<Index>()).prop_map(move |(value, whose)| Spoil {
        step: walk.steps.fetch_add(1, Ordering::Relaxed),
        turns: 1,
        value,
        whose,
        walk: walk.clone(),
    })
}

/// A text nobody expects.
pub(super) fn text() -> impl Strategy<Value = String> {
    let long = prop::sample::select(vec![65_usize, 257, 1025, 5_000, 9_000, 17_000, 40_000]);
    let known = prop::sample::select(vec![
        "",
        " ",
        "\0",
        "\r\nSet-Cookie: a=b",
        "null",
        "[]",
        "{}",
        "-1",
        "1e999",
        "99999999999999999999",
        "true",
        "<script>alert(1)</script>",
        "' OR '1'='1",
        "../../etc/passwd",
        "%00%ff",
        "\u{202e}\u{200b}\u{feff}",
        "𠮷田👩‍👩‍👧",
        "eyJhbGciOiJub25lIn0.e30.",
        "a.b.c",
        "....",
        "http://localhost/",
        "javascript:alert(1)",
        "=",
        "&",
        "AAAA",
    ]);
    prop_oneof![
        4 => known.prop_map(str::to_owned),
        3 => any::<String>(),
        2 => "[A-Za-z0-9_-]{1,120}",
        2 => (long, any::<char>()).prop_map(|(length, c)| c.to_string().repeat(length / c.len_utf8())),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let nested = (1..200_usize).prop_map(|depth| {
        let text = format!(
            "{}{}",
            "[".repeat(depth.min(120)),
            "]".repeat(depth.min(120))
        );
        serde_json::from_str(&text).unwrap_or_default()
    });
    prop_oneof![
        8 => text().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(|number| json!(number)),
        1 => nested,
        1 => prop::collection::vec(text(), 0..40).prop_map(|texts| json!(texts)),
        1 => text().prop_map(|text| json!({ "x": text, "alg": "none" })),
    ]
}

/// The place and the way, for a message and for what must not succeed.
pub(super) struct Spoiled<T> {
    pub(super) call: T,
    pub(super) place: String,
    /// The place was there twice.
    pub(super) twice: bool,
    /// The place was changed, and not merely something put beside it.
    pub(super) changed: bool,
}

impl Spoil {
    /// One of several calls, turn by turn, and the spoil for it.
    pub(super) fn turn<'a, T>(&self, calls: &'a [T]) -> (&'a T, Self) {
        let next = Self {
            step: self.step / calls.len(),
            turns: self.turns * calls.len(),
            ..self.clone()
        };
        (&calls[self.step % calls.len()], next)
    }

    fn place_and_way<'a, T>(&self, places: &'a [T]) -> (&'a T, How) {
        let needed = self.turns * places.len() * How::ALL.len();
        self.walk.needed.fetch_max(needed, Ordering::Relaxed);
        let way = self.step / places.len() % How::ALL.len();
        (&places[self.step % places.len()], How::ALL[way])
    }

    /// Spoils one parameter of a form.
    pub(super) fn form(&self, fields: &Fields, pool: &[String]) -> Spoiled<Fields> {
        let ((name, good), how) = self.place_and_way(&fields.0);
        let (name, good) = (name.clone(), good.clone());
        let plain = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        let mut twice = false;
        let mut changed = true;
        let value = &self.value;
        let spoiled = match how {
            How::Replace => fields.clone().with(&name, &plain(value)),
            How::Remove => fields.clone().without(&name),
            How::Again => {
                twice = true;
                fields.clone().again(&name, &plain(value))
            }
            How::Beside => {
                changed = false;
                fields.clone().with("beside", &plain(value))
            }
            How::Foreign => fields.clone().with(&name, self.whose.get::<String>(pool)),
            How::Shorter => fields.clone().with(&name, drop_last(&good)),
            How::Longer => fields.clone().with(&name, &format!("{good}A")),
            How::Half => fields.clone().with(&name, half(&good)),
            How::Listed => fields.clone().with(&name, &json!([good]).to_string()),
        };
        changed &= spoiled.value(&name) != good;
        Spoiled {
            call: spoiled,
            place: name,
            twice,
            changed,
        }
    }

    /// Spoils one place of a JSON body, however deep; the text, since JSON text may repeat a member.
    pub(super) fn json(&self, body: &Value, pool: &[String]) -> Spoiled<String> {
        let places = pointers(body);
        let (place, how) = self.place_and_way(&places);
        let place = place.clone();
        let mut spoiled = body.clone();
        let good = body.pointer(&place).cloned().unwrap_or_default();
        let text = good.as_str().unwrap_or_default().to_owned();
        let value = match how {
            How::Remove => {
                remove(&mut spoiled, &place);
                return Spoiled {
                    call: spoiled.to_string(),
                    changed: !good.is_null(),
                    place,
                    twice: false,
                };
            }
            How::Again => {
                let twice = beside(&mut spoiled, &place, "\u{1}", &self.value);
                let name = last(&place);
                let call = spoiled
                    .to_string()
                    .replace("\"\\u0001\"", &json!(name).to_string());
                return Spoiled {
                    call,
                    place,
                    twice,
                    changed: true,
                };
            }
            How::Beside => {
                beside(&mut spoiled, &place, "beside", &self.value);
                return Spoiled {
                    call: spoiled.to_string(),
                    place,
                    twice: false,
                    changed: false,
                };
            }
            How::Replace => self.value.clone(),
            How::Foreign => json!(self.whose.get(pool)),
            How::Shorter => json!(drop_last(&text)),
            How::Longer => json!(format!("{text}A")),
            How::Half => json!(half(&text)),
            How::Listed => json!([good]),
        };
        let changed = value != good;
        if let Some(slot) = spoiled.pointer_mut(&place) {
            *slot = value;
        }
        Spoiled {
            call: spoiled.to_string(),
            place,
            twice: false,
            changed,
        }
    }

    /// Spoils a text: a header, a cookie, a part of a path.
    pub(super) fn text(&self, good: &str, pool: &[String]) -> String {
        let fields = Fields::of(&[("text", good)]);
        self.form(&fields, pool).call.value("text").to_owned()
    }
}

/// JSON Pointers (RFC 6901) of every member, at every depth.
fn pointers(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(i, value)| (i.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for (name, child) in children {
        found.push(format!("/{name}"));
        found.extend(
            pointers(child)
                .into_iter()
                .map(|below| format!("/{name}{below}")),
        );
    }
    found
}

fn last(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or_default()
}

fn parent<'a>(body: &'a mut Value, pointer: &str) -> Option<&'a mut Value> {
    let above = &pointer[..pointer.len() - last(pointer).len() - 1];
    body.pointer_mut(above)
}

fn remove(body: &mut Value, pointer: &str) {
    match parent(body, pointer) {
        Some(Value::Object(members)) => drop(members.remove(last(pointer))),
        Some(Value::Array(items)) => drop(items.pop()),
        _ => {}
    }
}

/// Puts a member beside a place; `false` where the place is in a list.
fn beside(body: &mut Value, pointer: &str, name: &str, value: &Value) -> bool {
    match parent(body, pointer) {
        Some(Value::Object(members)) => {
            members.insert(name.to_owned(), value.clone());
            true
        }
        _ => false,
    }
}

fn drop_last(text: &str) -> &str {
    text.char_indices()
        .next_back()
        .map_or("", |(at, _)| &text[..at])
}

fn half(text: &str) -> &str {
    let middle = text.char_indices().nth(text.chars().count() / 2);
    middle.map_or("", |(at, _)| &text[..at])
}
