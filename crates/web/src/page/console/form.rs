//! Forms of a desk: posted as they are, or signed by the registered key first.

/// A form: posted as it is, or signed by the registered key first.
#[derive(Clone, Debug)]
pub struct Form {
    /// Its id in the page.
    pub id: &'static str,
    /// Words above it.
    pub legend: String,
    /// What is to be done with it.
    pub does: Does,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Buttons: value and words; the value is sent as `choice`.
    pub buttons: Vec<(&'static str, String)>,
    /// Whether it is dangerous.
    pub danger: bool,
}

/// What becomes of a form.
#[derive(Clone, Debug)]
pub enum Does {
    /// Posted to a path of ours.
    Posts(String),
    /// Read with its values in the address.
    Asks(&'static str),
    /// Proposed as an act of this name, with these members beside the fields (JSON).
    Proposes {
        /// Name of the act.
        act: &'static str,
        /// Members that are not typed.
        fixed: String,
    },
    /// An answer to a proposal.
    Answers {
        /// `confirm` or `decline`.
        answer: &'static str,
        /// Which.
        proposal: String,
        /// Digest of the act, which is signed.
        digest: String,
    },
}

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name: in a signed form the member of the act.
    pub name: &'static str,
    /// Label.
    pub label: String,
    /// What it is.
    pub input: Input,
    /// What stands in it.
    pub value: String,
    /// Whether it may be empty.
    pub optional: bool,
}

/// Kinds of fields.
#[derive(Clone, Debug)]
pub enum Input {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// A whole number.
    Number,
    /// JSON, read as such into the act.
    Json,
    /// Not shown.
    Hidden,
    /// A day of the calendar.
    Day,
    /// Any of these, each sent as `yes` under its own name: name, words, whether it is ticked.
    Ticks(Vec<(&'static str, String, bool)>),
    /// One of these: value and words.
    Choice(Vec<(String, String)>),
}

impl Field {
    /// A field of a kind, empty.
    pub fn new(name: &'static str, label: impl Into<String>, input: Input) -> Self {
        Self {
            name,
            label: label.into(),
            input,
            value: String::new(),
            optional: false,
        }
    }

    /// The same, and it may be empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The same with something in it.
    #[must_use]
    pub fn with(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }
}

impl Does {
    /// Posted to a path of ours.
    pub fn posts(path: impl Into<String>) -> Self {
        Self::Posts(path.into())
    }
}

impl Form {
    /// A form that is posted to a path of ours, with one button and no field yet.
    pub fn posting(
        id: &'static str,
        path: impl Into<String>,
        legend: impl Into<String>,
        button: impl Into<String>,
    ) -> Self {
        Self {
            id,
            legend: legend.into(),
            does: Does::posts(path),
            fields: Vec::new(),
            buttons: vec![("", button.into())],
            danger: false,
        }
    }

    /// The same with fields.
    #[must_use]
    pub fn with(mut self, fields: Vec<Field>) -> Self {
        self.fields = fields;
        self
    }

    /// The same, and what it does is dangerous.
    #[must_use]
    pub fn dangerous(mut self) -> Self {
        self.danger = true;
        self
    }
}
