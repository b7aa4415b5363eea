//! In which order the layers of a model are computed, and what each takes.

use super::spec::ModelSpec;
use crate::error::{Error, Result};

/// A layer in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wired {
    /// Its number in the spec.
    pub layer: usize,
    pub name: String,
    /// What it takes: the model's inputs are counted first, then the layers in this order.
    pub sources: Vec<usize>,
}

/// Orders the layers so that each comes after what it takes, and else as they are written.
///
/// Errs where a name is unknown or stands for two, where layers form a cycle, and where one leads
/// nowhere; each is told by name.
pub(super) fn wire(model: &ModelSpec) -> Result<Vec<Wired>> {
    let names = layer_names(model)?;
    let Some(output) = &model.output else {
        let wired = |(layer, name)| Wired {
            layer,
            name,
            sources: vec![layer],
        };
        return Ok(names.into_iter().enumerate().map(wired).collect());
    };
    let all: Vec<&String> = inputs(model).chain(&names).collect();
    let find = |place: String, name: &String| {
        let known = all.iter().position(|known| *known == name);
        known.ok_or_else(|| unknown(place, &all, name))
    };
    let count = model.inputs.len();
    let takes: Vec<Vec<usize>> = model
        .layers
        .iter()
        .zip(&names)
        .map(|(layer, name)| {
            let taken = layer.inputs.iter();
            taken
                .map(|input| find(format!("layer {name}"), input))
                .collect()
        })
        .collect::<Result<_>>()?;
    let output = find("output".into(), output)?;
    if output < count {
        return Err(unknown("output".into(), &all[count..], all[output]));
    }
    check_used(&all, &takes, count, output)?;
    let order = order(&all, &takes, count)?;
    let place = |source: usize| match source.checked_sub(count) {
        None => source,
        Some(layer) => {
            let place = order.iter().position(|&other| other == layer);
            count + place.expect("the order holds every layer")
        }
    };
    let wired = |&layer: &usize| Wired {
        layer,
        name: names[layer].clone(),
        sources: takes[layer].iter().map(|&source| place(source)).collect(),
    };
    Ok(order.iter().map(wired).collect())
}

fn inputs(model: &ModelSpec) -> impl Iterator<Item = &String> {
    model.inputs.iter().map(|input| &input.name)
}

/// Those given, and Keras's for the rest: `conv2d`, `conv2d_1`.
fn layer_names(model: &ModelSpec) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for layer in &model.layers {
        names.push(match &layer.name {
            Some(name) => name.clone(),
            None => {
                let at = counts.iter().position(|(kind, _)| *kind == layer.kind);
                let at = at.unwrap_or_else(|| {
                    counts.push((layer.kind, 0));
                    counts.len() - 1
                });
                let (kind, count) = &mut counts[at];
                *count += 1;
                match *count {
                    1 => kind.to_string(),
                    count => format!("{kind}_{}", count - 1),
                }
            }
        });
    }
    let mut seen: Vec<&String> = Vec::new();
    for name in inputs(model).chain(&names) {
        if seen.contains(&name) || name.is_empty() {
            return Err(Error::DuplicateName { name: name.clone() });
        }
        seen.push(name);
    }
    Ok(names)
}

fn unknown(place: String, known: &[&String], got: &str) -> Error {
    let known: Vec<&str> = known.iter().map(|name| name.as_str()).collect();
    Error::UnknownName {
        place,
        expected: known.join(", "),
        got: got.into(),
    }
}

/// Errs on the first input or layer from which no way leads to the output.
fn check_used(all: &[&String], takes: &[Vec<usize>], count: usize, output: usize) -> Result<()> {
    let mut used = vec![false; all.len()];
    let mut open = vec![output];
    while let Some(source) = open.pop() {
        if !std::mem::replace(&mut used[source], true) && source >= count {
            open.extend(&takes[source - count]);
        }
    }
    match used.iter().position(|used| !used) {
        Some(at) => Err(Error::UnusedNode {
            name: all[at].clone(),
        }),
        None => Ok(()),
    }
}

/// Layers by number, each after those it takes.
fn order(all: &[&String], takes: &[Vec<usize>], count: usize) -> Result<Vec<usize>> {
    let mut order: Vec<usize> = Vec::new();
    let done = |order: &[usize], source: usize| source < count || order.contains(&(source - count));
    while order.len() < takes.len() {
        let waiting = || (0..takes.len()).filter(|layer| !order.contains(layer));
        let ready = waiting().find(|&layer| takes[layer].iter().all(|&s| done(&order, s)));
        let Some(layer) = ready else {
            // From any layer that waits, a way back through what it waits for meets itself.
            let mut way = vec![waiting().next().expect("some layer waits")];
            loop {
                let last = *way.last().expect("the way has begun");
                let blocker = takes[last].iter().find(|&&source| !done(&order, source));
                let next = blocker.expect("it waits for one") - count;
                if let Some(start) = way.iter().position(|&layer| layer == next) {
                    let name = |&layer: &usize| all[count + layer].clone();
                    return Err(Error::GraphCycle {
                        layers: way[start..].iter().rev().map(name).collect(),
                    });
                }
                way.push(next);
            }
        };
        order.push(layer);
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::super::RunSpec;
    use super::*;

    fn wired(nodes: &str, output: &str) -> Result<Vec<Wired>> {
        let json = format!(
            r#"{{"model":{{"inputs":[{{"name":"a","shape":[4]}},{{"name":"b","shape":[4]}}],
               "nodes":[{nodes}],"output":"{output}"}}}}"#
        );
        wire(&RunSpec::from_json(&json).unwrap().model)
    }

    /// `name<inputs` for each node.
    fn nodes(written: &[&str]) -> String {
        let node = |text: &&str| {
            let (name, inputs) = text.split_once('<').unwrap();
            let inputs: Vec<String> = inputs
                .split(' ')
                .map(|name| format!("\"{name}\""))
                .collect();
            format!(
                r#"{{"type":"flatten","name":"{name}","inputs":[{}]}}"#,
                inputs.join(",")
            )
        };
        written.iter().map(node).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn layers_are_put_in_order_and_else_stay_as_written() {
        let wired = wired(&nodes(&["end<mid left", "mid<left a", "left<b"]), "end").unwrap();
        let order: Vec<&str> = wired.iter().map(|wired| &wired.name[..]).collect();
        assert_eq!(order, ["left", "mid", "end"]);
        let sources: Vec<&[usize]> = wired.iter().map(|wired| &wired.sources[..]).collect();
        assert_eq!(sources, [&[1][..], &[2, 0], &[3, 2]]);
    }

    fn check_refused(written: &[&str], output: &str, code: &str, field: &str, told: &str) {
        let error = wired(&nodes(written), output).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert_eq!(error.fields()[field].to_string(), told, "{error}");
    }

    #[test]
    fn what_is_no_graph_is_told_by_name() {
        let cycle = ["p<q a", "q<r", "r<p b", "end<r"];
        check_refused(&cycle, "end", "graph_cycle", "layers", r#"["r","q","p"]"#);
        check_refused(
            &["end<end a b"],
            "end",
            "graph_cycle",
            "layers",
            r#"["end"]"#,
        );
        let unknown = ["end<a bb b"];
        check_refused(&unknown, "end", "unknown_name", "got", r#""bb""#);
        check_refused(&unknown, "end", "unknown_name", "place", r#""layer end""#);
        check_refused(&["end<a b"], "ende", "unknown_name", "place", r#""output""#);
        check_refused(&["end<a b"], "a", "unknown_name", "expected", r#""end""#);
        let idle = ["end<a b", "idle<a"];
        check_refused(&idle, "end", "unused_node", "name", r#""idle""#);
        check_refused(&["end<a"], "end", "unused_node", "name", r#""b""#);
        check_refused(&["a<a b"], "a", "duplicate_name", "name", r#""a""#);
    }
}
