//! What holds for every input, not only for the examples beside the code.

mod form;
mod printed;
mod strangers;
