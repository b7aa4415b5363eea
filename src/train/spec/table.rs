//! Settings as tables: each has a name, a place and a range; reading and writing walk the table.
//!
//! A number out of its range is refused where it is read, with its place, what was expected and
//! what came.

use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// Where a setting lies, and what it may be.
pub(super) enum Slot<'a> {
    Number(&'a mut f64, Range),
    /// May be null.
    Maybe(&'a mut Option<f64>, Range),
    /// A whole number, this or more.
    Count(&'a mut u64, u64),
    Flag(&'a mut bool),
    Numbers(&'a mut Vec<f64>, Range),
    /// Whole numbers.
    Counts(&'a mut Vec<u64>),
    Names(&'a mut Vec<String>),
    /// Another table.
    Inner(&'a mut dyn Inner),
}

/// Where a number may lie.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Range {
    Any,
    Positive,
    NotNegative,
    /// 0 to 1, 1 excluded.
    Share,
    /// 0 to 1, both excluded.
    Between,
    /// 0 to 1.
    Unit,
    AtLeastOne,
}

impl Range {
    fn holds(self, number: f64) -> bool {
        number.is_finite()
            && match self {
                Range::Any => true,
                Range::Positive => number > 0.0,
                Range::NotNegative => number >= 0.0,
                Range::Share => (0.0..1.0).contains(&number),
                Range::Between => number > 0.0 && number < 1.0,
                Range::Unit => (0.0..=1.0).contains(&number),
                Range::AtLeastOne => number >= 1.0,
            }
    }

    fn text(self) -> &'static str {
        match self {
            Range::Any => "a number",
            Range::Positive => "> 0",
            Range::NotNegative => ">= 0",
            Range::Share => ">= 0, < 1",
            Range::Between => "> 0, < 1",
            Range::Unit => ">= 0, <= 1",
            Range::AtLeastOne => ">= 1",
        }
    }
}

/// Names and slots, in the order in which errors list them.
pub(super) type Slots<'a> = Vec<(&'static str, Slot<'a>)>;

/// Settings of one of several kinds, which a field tells apart.
pub(super) trait Table: Clone {
    /// That field.
    const TAG: &'static str = "type";
    /// Whether it may be left out, for the first kind.
    const OPTIONAL: bool = false;

    /// The kinds with their defaults. A kind without a name is the only one.
    fn kinds() -> Vec<(&'static str, Self)>;

    /// Which of them this is.
    fn kind(&self) -> &'static str;

    /// Its settings.
    fn slots(&mut self) -> Slots<'_>;

    /// What no single setting tells.
    fn check(&self, _place: &str) -> Result<()> {
        Ok(())
    }
}

/// A table inside another.
pub(super) trait Inner {
    fn read_from(&mut self, place: &str, value: &Value) -> Result<()>;
    fn written(&self) -> Value;
}

impl<T: Table> Inner for T {
    fn read_from(&mut self, place: &str, value: &Value) -> Result<()> {
        *self = read(place, value)?;
        Ok(())
    }
    fn written(&self) -> Value {
        write(self)
    }
}

/// Reads an object, or the name alone of a kind with its defaults.
///
/// Errs on an unknown kind, an unknown field, and a setting of the wrong type or out of its range.
pub(super) fn read<T: Table>(place: &str, value: &Value) -> Result<T> {
    let kinds = T::kinds();
    let names: Vec<&str> = kinds.iter().map(|(name, _)| *name).collect();
    let nothing = Map::new();
    let default = T::OPTIONAL.then(|| names[0]);
    let (kind, settings) = split(place, value, T::TAG, default, &nothing)?;
    let position = names.iter().position(|&name| name == kind);
    let Some(position) = position else {
        return Err(Error::UnknownName {
            place: place.into(),
            expected: names.join(", "),
            got: kind.into(),
        });
    };
    let mut table = kinds[position].1.clone();
    fill(place, T::TAG, table.slots(), settings)?;
    table.check(place)?;
    Ok(table)
}

/// The object with all its settings.
pub(super) fn write<T: Table>(table: &T) -> Value {
    let mut table = table.clone();
    let kind = table.kind();
    let mut object = written(table.slots());
    if !kind.is_empty() {
        object.insert(T::TAG.into(), kind.into());
    }
    Value::Object(object)
}

/// The kind's name and the settings of an object.
fn split<'a>(
    place: &str,
    value: &'a Value,
    tag: &str,
    default: Option<&'a str>,
    nothing: &'a Map<String, Value>,
) -> Result<(&'a str, &'a Map<String, Value>)> {
    match value {
        Value::Object(settings) => match (settings.get(tag), default) {
            (Some(Value::String(kind)), _) => Ok((kind, settings)),
            (Some(other), _) => Err(misfit(place, tag, "a name", other)),
            (None, Some(kind)) => Ok((kind, settings)),
            (None, None) => Err(Error::MissingField {
                place: place.into(),
                field: tag.into(),
            }),
        },
        Value::String(kind) => Ok((kind, nothing)),
        other => Err(Error::MalformedSpec {
            place: place.into(),
            reason: format!("expected an object, got {other}"),
        }),
    }
}

fn misfit(place: &str, argument: &str, expected: &str, got: &Value) -> Error {
    Error::InvalidArgument {
        place: place.into(),
        argument: argument.into(),
        expected: expected.into(),
        got: got.to_string(),
    }
}

/// Puts the settings of an object into their slots.
fn fill(place: &str, tag: &str, mut slots: Slots, settings: &Map<String, Value>) -> Result<()> {
    let known: Vec<&str> = slots.iter().map(|(name, _)| *name).collect();
    for (field, value) in settings {
        if field == tag {
            continue;
        }
        let Some(at) = known.iter().position(|name| name == field) else {
            return Err(Error::UnknownField {
                place: place.into(),
                field: field.clone(),
                expected: known.join(", "),
            });
        };
        if let Err(expected) = put(&mut slots[at].1, &format!("{place} {field}"), value)? {
            return Err(misfit(place, field, &expected, value));
        }
    }
    Ok(())
}

/// Puts a value into a slot; gives what was expected where it does not fit.
fn put(slot: &mut Slot, place: &str, value: &Value) -> Result<std::result::Result<(), String>> {
    let number = |range: Range, value: &Value| value.as_f64().filter(|&n| range.holds(n));
    let fits = match slot {
        Slot::Number(to, range) => number(*range, value)
            .map(|number| **to = number)
            .ok_or(range.text().to_string()),
        Slot::Maybe(to, _) if value.is_null() => {
            **to = None;
            Ok(())
        }
        Slot::Maybe(to, range) => number(*range, value)
            .map(|number| **to = Some(number))
            .ok_or(format!("{} | null", range.text())),
        Slot::Count(to, least) => value
            .as_u64()
            .filter(|count| count >= least)
            .map(|count| **to = count)
            .ok_or(format!("a whole number >= {least}")),
        Slot::Flag(to) => value
            .as_bool()
            .map(|flag| **to = flag)
            .ok_or("true | false".into()),
        Slot::Numbers(to, range) => list(value, |value| number(*range, value))
            .map(|numbers| **to = numbers)
            .ok_or(format!("[{}, …]", range.text())),
        Slot::Counts(to) => list(value, Value::as_u64)
            .map(|counts| **to = counts)
            .ok_or("[a whole number >= 0, …]".into()),
        Slot::Names(to) => list(value, |value| value.as_str().map(str::to_string))
            .map(|names| **to = names)
            .ok_or("[\"a name\", …]".into()),
        Slot::Inner(inner) => {
            inner.read_from(place, value)?;
            Ok(())
        }
    };
    Ok(fits)
}

fn list<T>(value: &Value, one: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.as_array()?.iter().map(one).collect()
}

fn written(slots: Slots) -> Map<String, Value> {
    let value = |slot: Slot| match slot {
        Slot::Number(number, _) => Value::from(*number),
        Slot::Maybe(number, _) => Value::from(*number),
        Slot::Count(count, _) => Value::from(*count),
        Slot::Flag(flag) => Value::from(*flag),
        Slot::Numbers(numbers, _) => Value::from(numbers.clone()),
        Slot::Counts(counts) => Value::from(counts.clone()),
        Slot::Names(names) => Value::from(names.clone()),
        Slot::Inner(inner) => inner.written(),
    };
    slots
        .into_iter()
        .map(|(name, slot)| (name.to_string(), value(slot)))
        .collect()
}

/// Lets serde read and write a table where it stands in a struct of its own.
macro_rules! by_table {
    ($($table:ty),*) => { $(
        impl serde::Serialize for $table {
            fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&$crate::train::spec::table::write(self), to)
            }
        }
        impl<'de> serde::Deserialize<'de> for $table {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(from)?;
                $crate::train::spec::table::read("run", &value).map_err(serde::de::Error::custom)
            }
        }
    )* };
}
pub(super) use by_table;
