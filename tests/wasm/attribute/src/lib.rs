//! Under wasm, `#[test]` becomes an export that `tests/wasm/run.mjs` calls in a browser.
//!
//! libtest can't run there: wasm32-unknown-unknown has neither arguments nor standard output, and
//! the first failing test would end them all. Imported by `#[macro_use] extern crate`, this
//! attribute takes the place of the prelude's `#[test]` in the whole crate, so that test modules
//! are written as ever.

use proc_macro::{TokenStream, TokenTree};

/// Keeps the function and exports a call of it, named `test <file>:<line> <name>`; a test that
/// `should_panic` is named `panicking test …`. A test may return a `Result`.
#[proc_macro_attribute]
pub fn test(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = item.into_iter().collect();
    let (attributes, function) = split_attributes(&tokens);
    let name = name_of(function);
    let span = name.span();
    let is = |wanted: &str| {
        attributes
            .iter()
            .any(|attribute| attribute_name(attribute) == wanted)
    };
    assert!(!is("ignore"), "no test of ours is ignored");
    let kind = if is("should_panic") {
        "panicking test"
    } else {
        "test"
    };
    let export = format!("{kind} {}:{} {name}", span.file(), span.line());
    let wrapper: TokenStream = format!(
        "const _: () = {{
            #[unsafe(export_name = {export:?})]
            extern \"C\" fn run() {{
                if let ::std::result::Result::Err(error) = crate::wasm_test::Outcome::outcome({name}()) {{
                    panic!(\"the test returned {{error}}\");
                }}
            }}
        }};"
    )
    .parse()
    .expect("the wrapper is Rust");
    attributes
        .iter()
        .filter(|attribute| attribute_name(attribute) != "should_panic")
        .flat_map(|attribute| attribute.iter().cloned())
        .chain(function.iter().cloned())
        .chain(wrapper)
        .collect()
}

/// The leading `#[…]` pairs, and what follows them.
fn split_attributes(tokens: &[TokenTree]) -> (Vec<[TokenTree; 2]>, &[TokenTree]) {
    let mut attributes = Vec::new();
    let mut rest = tokens;
    while let [TokenTree::Punct(hash), TokenTree::Group(body), after @ ..] = rest {
        assert_eq!(hash.as_char(), '#', "#[test] goes on a function");
        attributes.push([hash.clone().into(), body.clone().into()]);
        rest = after;
    }
    (attributes, rest)
}

fn attribute_name(attribute: &[TokenTree; 2]) -> String {
    match &attribute[1] {
        TokenTree::Group(body) => body
            .stream()
            .into_iter()
            .next()
            .map_or(String::new(), |name| name.to_string()),
        _ => unreachable!("split_attributes pairs a # with a group"),
    }
}

fn name_of(function: &[TokenTree]) -> &TokenTree {
    function
        .windows(2)
        .find(|pair| pair[0].to_string() == "fn")
        .map(|pair| &pair[1])
        .expect("#[test] goes on a function")
}
