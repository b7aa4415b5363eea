//! What a test's panic said, where no wasm-bindgen carries text across: `plain.js` reads it from memory.

use std::cell::RefCell;

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

#[unsafe(export_name = "start")]
extern "C" fn start() {
    std::panic::set_hook(Box::new(|panic| LAST.set(panic.to_string())));
}

#[unsafe(export_name = "panicAt")]
extern "C" fn panic_at() -> *const u8 {
    LAST.with_borrow(|text| text.as_ptr())
}

#[unsafe(export_name = "panicLength")]
extern "C" fn panic_length() -> usize {
    LAST.with_borrow(String::len)
}
