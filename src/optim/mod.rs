//! Placeholder line replaced by the room's first commit.
