//! The seeded generator; the only caller of getrandom.
