//! Where mistakes can stand in a file, and what they look like.

use std::collections::BTreeSet;
use std::ops::Range;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ExprBinary, Index, RangeLimits, UnOp};

pub struct Mistake {
    pub number: usize,
    pub line: usize,
    pub kind: &'static str,
    pub from: String,
    pub to: String,
}

pub struct Planted {
    pub source: String,
    pub mistakes: Vec<Mistake>,
}

/// The source with all its mistakes, numbered from `next` on.
pub fn plant(source: &str, next: &mut usize, left_out: &BTreeSet<usize>) -> Planted {
    let file = syn::parse_file(source).expect("Rust");
    let mut finder = Finder { sites: Vec::new() };
    finder.visit_file(&file);
    // Outer sites come before those within them.
    let mut sites = finder.sites;
    sites.sort_by_key(|site| (site.whole.start, usize::MAX - site.whole.end));
    let mut mistakes = Vec::new();
    let mut numbered = Vec::new();
    for site in sites {
        let mut arms = Vec::new();
        for (kind, wrong) in &site.wrong {
            let number = *next;
            *next += 1;
            if left_out.contains(&number) {
                continue;
            }
            arms.push((number, wrong.clone()));
            mistakes.push(Mistake {
                number,
                line: source[..site.whole.start].matches('\n').count() + 1,
                kind,
                from: source[site.whole.clone()].to_string(),
                to: wrong.clone(),
            });
        }
        if !arms.is_empty() {
            numbered.push((site, arms));
        }
    }
    let writer = Writer {
        source,
        sites: &numbered,
    };
    let source = writer.write(0..source.len(), 0);
    Planted { source, mistakes }
}

/// An expression that can be wrong. Its parts are computed once and named `l` and `r`.
struct Site {
    whole: Range<usize>,
    /// What is bound; a comparison borrows it.
    parts: Vec<Range<usize>>,
    borrows: bool,
    /// What is computed of them where nothing is wrong.
    right: String,
    /// What kinds of mistake there are, and what they compute instead.
    wrong: Vec<(&'static str, String)>,
}

struct Writer<'a> {
    source: &'a str,
    sites: &'a [(Site, Vec<(usize, String)>)],
}

impl Writer<'_> {
    /// The source in a range, with the sites from number `from` on.
    fn write(&self, range: Range<usize>, from: usize) -> String {
        let mut written = String::new();
        let mut at = range.start;
        for (number, (site, arms)) in self.sites.iter().enumerate().skip(from) {
            if site.whole.start < at || site.whole.end > range.end {
                continue;
            }
            written.push_str(&self.source[at..site.whole.start]);
            written.push_str(&self.write_site(number, site, arms));
            at = site.whole.end;
        }
        written.push_str(&self.source[at..range.end]);
        written
    }

    fn write_site(&self, number: usize, site: &Site, arms: &[(usize, String)]) -> String {
        let borrow = if site.borrows { "&" } else { "" };
        let part =
            |part: &Range<usize>| format!("{borrow}({})", self.write(part.clone(), number + 1));
        let (value, names) = match &site.parts[..] {
            [one] => (part(one), "r"),
            [left, right] => (format!("({}, {})", part(left), part(right)), "(l, r)"),
            _ => unreachable!("a site has one part or two"),
        };
        let others = arms.iter().map(|(number, _)| format!("n != {number}"));
        let mut text = format!(
            "(match {value} {{ {names} => match crate::kernels::planted::number() {{ n if {} => {{ {} }}",
            others.collect::<Vec<_>>().join(" && "),
            site.right
        );
        for (at, (number, wrong)) in arms.iter().enumerate() {
            let pattern = if at + 1 == arms.len() {
                "_".to_string()
            } else {
                number.to_string()
            };
            text.push_str(&format!(
                " {pattern} => {{ /*<{number}*/ {wrong} /*{number}>*/ }}"
            ));
        }
        text + " } })"
    }
}

struct Finder {
    sites: Vec<Site>,
}

fn range(span: Span) -> Range<usize> {
    span.byte_range()
}

impl Finder {
    fn binary(&mut self, expression: &ExprBinary) {
        let (sign, wrong): (&str, &[(&'static str, &str)]) = match expression.op {
            BinOp::Add(_) => ("l + r", &[("sign", "l - r"), ("dropped term", "l")]),
            BinOp::Sub(_) => ("l - r", &[("sign", "l + r"), ("dropped term", "l")]),
            BinOp::Mul(_) => (
                "l * r",
                &[
                    ("dropped factor", "l"),
                    ("scale", "(l * r) * 1.001"),
                    ("scale", "(l * r) * T::from_f64(1.001)"),
                    ("scale", "(l * r) * F32x4::splat(1.001)"),
                    ("scale", "(l * r) * L::of(1.001)"),
                ],
            ),
            BinOp::Div(_) => ("l / r", &[("inverse", "l * r"), ("dropped factor", "l")]),
            BinOp::Lt(_) => ("l < r", &[("bound", "l <= r")]),
            BinOp::Le(_) => ("l <= r", &[("bound", "l < r")]),
            BinOp::Gt(_) => ("l > r", &[("bound", "l >= r")]),
            BinOp::Ge(_) => ("l >= r", &[("bound", "l > r")]),
            BinOp::Eq(_) => ("l == r", &[("condition", "l != r")]),
            BinOp::Ne(_) => ("l != r", &[("condition", "l == r")]),
            _ => return,
        };
        let compares = matches!(
            expression.op,
            BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_) | BinOp::Eq(_) | BinOp::Ne(_)
        );
        self.sites.push(Site {
            whole: range(expression.span()),
            parts: vec![
                range(expression.left.span()),
                range(expression.right.span()),
            ],
            borrows: compares,
            right: sign.into(),
            wrong: wrong
                .iter()
                .map(|&(kind, text)| (kind, text.into()))
                .collect(),
        });
    }

    /// `place += value`.
    fn assignment(&mut self, expression: &ExprBinary, source_of_place: String) {
        let (sign, other) = match expression.op {
            BinOp::AddAssign(_) => ("+=", "-="),
            BinOp::SubAssign(_) => ("-=", "+="),
            BinOp::MulAssign(_) => ("*=", "/="),
            _ => return,
        };
        let place = source_of_place;
        self.sites.push(Site {
            whole: range(expression.span()),
            parts: vec![range(expression.right.span())],
            borrows: false,
            right: format!("{place} {sign} r"),
            wrong: vec![
                ("sign", format!("{place} {other} r")),
                ("dropped term", "let _ = r;".into()),
            ],
        });
    }

    fn one(&mut self, of: &Expr, kind: &'static str, wrong: &str) {
        self.sites.push(Site {
            whole: range(of.span()),
            parts: vec![range(of.span())],
            borrows: false,
            right: "r".into(),
            wrong: vec![(kind, wrong.into())],
        });
    }
}

/// Whether tests alone see it.
fn only_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute
                    .parse_args::<syn::Ident>()
                    .is_ok_and(|word| word == "test")
    })
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !only_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if item.sig.constness.is_none() && !only_tests(&item.attrs) {
            visit::visit_block(self, &item.block);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if item.sig.constness.is_none() {
            visit::visit_block(self, &item.block);
        }
    }

    // What is computed when it is compiled can't ask for a number.
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_trait_item_const(&mut self, _: &'ast syn::TraitItemConst) {}
    fn visit_type(&mut self, _: &'ast syn::Type) {}
    fn visit_pat(&mut self, _: &'ast syn::Pat) {}
    fn visit_generic_argument(&mut self, _: &'ast syn::GenericArgument) {}
    fn visit_expr_const(&mut self, _: &'ast syn::ExprConst) {}
    fn visit_expr_repeat(&mut self, repeat: &'ast syn::ExprRepeat) {
        self.visit_expr(&repeat.expr);
    }

    fn visit_expr(&mut self, expression: &'ast Expr) {
        match expression {
            Expr::Binary(binary) => {
                self.binary(binary);
                let place = &binary.left;
                if let Expr::Path(_) | Expr::Field(_) = **place {
                    self.assignment(binary, place.span().source_text().unwrap_or_default());
                } else if let Expr::Unary(unary) = &**place
                    && let (UnOp::Deref(_), Expr::Path(_)) = (&unary.op, &*unary.expr)
                {
                    self.assignment(binary, place.span().source_text().unwrap_or_default());
                }
            }
            Expr::Unary(unary)
                if matches!(unary.op, UnOp::Neg(_)) && !matches!(*unary.expr, Expr::Lit(_)) =>
            {
                self.sites.push(Site {
                    whole: range(unary.span()),
                    parts: vec![range(unary.expr.span())],
                    borrows: false,
                    right: "-r".into(),
                    wrong: vec![("sign", "r".into())],
                });
            }
            Expr::Index(index) if !matches!(*index.index, Expr::Range(_) | Expr::Lit(_)) => {
                self.one(&index.index, "index", "r + 1");
            }
            Expr::Range(between) => {
                if let (Some(end), RangeLimits::HalfOpen(_)) = (&between.end, &between.limits) {
                    self.one(end, "bound", "r - 1");
                }
                if let Some(start) = &between.start {
                    self.one(start, "bound", "r + 1");
                }
            }
            // Two of the same can't be exchanged.
            Expr::Tuple(tuple) if tuple.elems.len() == 2 && tuple.elems[0] != tuple.elems[1] => {
                self.sites.push(Site {
                    whole: range(tuple.span()),
                    parts: vec![range(tuple.elems[0].span()), range(tuple.elems[1].span())],
                    borrows: false,
                    right: "(l, r)".into(),
                    wrong: vec![("turned", "(r, l)".into())],
                });
            }
            _ => {}
        }
        visit::visit_expr(self, expression);
    }

    fn visit_index(&mut self, _: &'ast Index) {}
}
