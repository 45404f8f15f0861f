//! Every example of every page, in every language, mode and size.
