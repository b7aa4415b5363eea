//! Every mistake a user can make.
