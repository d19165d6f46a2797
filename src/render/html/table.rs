//! Rows under columns. On a phone each row becomes a card, whose values say themselves which column they are of.

use crate::document::{Align, Cell, Table};
use crate::render::html::cell::cell;
use crate::render::wrap::{clean, width};
use crate::render::{cell_text, seen};
use maud::{Markup, html};

/// A column that is not flexible stays unbroken as long as nothing in it is wider than this many columns of a terminal;
/// a page must never be wider than its window.
const UNBROKEN: usize = 20;

/// `named_by`: the name of the heading under which the table stands.
pub fn table(table: &Table, named_by: &str) -> Markup {
    let columns = columns(table);
    html! {
        @if !columns.is_empty() {
            table aria-labelledby=(named_by) {
                colgroup {
                    @for column in &columns { col style=[column.width.map(|share| format!("width:{share:.0}%"))]; }
                }
                thead {
                    tr {
                        @for column in &columns {
                            th class=[column.class] scope="col" { (clean(column.name)) }
                        }
                    }
                }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for column in &columns { (value(column, row.get(column.at))) }
                        }
                    }
                }
            }
        }
    }
}

struct Column<'t> {
    at: usize,
    name: &'t str,
    class: Option<&'static str>,
    /// Whether its cells name their rows.
    heads: bool,
    /// The share of the table's width that it should have, in percent; `None` leaves it to the browser.
    width: Option<f64>,
}

fn columns(table: &Table) -> Vec<Column<'_>> {
    let seen = seen(table);
    let heads = seen.iter().map(|(at, _)| *at).find(|at| names_rows(table, *at));
    let first = seen.first().map(|(at, _)| *at);
    let all: f64 = seen.iter().map(|(at, name)| room(table, *at, name)).sum();
    let column = |(at, name)| {
        let class = class(table, at, first == Some(at));
        let fits = class.is_some_and(|class| class.contains("fit"));
        let width = (!fits).then(|| room(table, at, name) / all * 100.0);
        Column { at, name, class, heads: heads == Some(at), width }
    };
    seen.into_iter().map(column).collect()
}

/// The room that a column asks for, in columns of a terminal. Browsers look at the longest cell; one long text then
/// takes the room of many shorter ones beside it, so here the average counts where text may wrap.
fn room(table: &Table, at: usize, name: &str) -> f64 {
    const BARS: usize = 24;
    const PADDING: f64 = 3.0;
    let widths = table.rows.iter().filter_map(|row| row.get(at)).map(|cell| match cell {
        Cell::Bar { .. } | Cell::Rate { .. } => BARS,
        cell => width(&cell_text(cell)),
    });
    let (count, sum, longest) = widths.fold((0usize, 0usize, 0usize), |(count, sum, longest), width| {
        (count + 1, sum + width, longest.max(width))
    });
    let own = if table.columns[at].flexible {
        // Half way to the longest, so that not everything but the average wraps.
        (sum as f64 / count.max(1) as f64 + longest.min(60) as f64) / 2.0
    } else {
        longest.min(BARS) as f64
    };
    own.clamp(width(name).min(BARS) as f64, 60.0) + PADDING
}

/// The first column of words names the row: the task, the unit.
fn names_rows(table: &Table, at: usize) -> bool {
    table.columns[at].align == Align::Left
        && table.rows.iter().all(|row| matches!(row.get(at), Some(Cell::Text(_))))
}

/// The classes of a column's cells, which the style knows. `leads`: whether it is the first column.
fn class(table: &Table, at: usize, leads: bool) -> Option<&'static str> {
    let column = &table.columns[at];
    let cells = || table.rows.iter().filter_map(|row| row.get(at));
    if cells().any(|cell| matches!(cell, Cell::Bar { .. } | Cell::Rate { .. })) {
        return Some("bars");
    }
    if column.align == Align::Left && cells().any(|cell| matches!(cell, Cell::State { .. })) {
        return Some("states fit keep");
    }
    let short = cells().all(|cell| width(&cell_text(cell)) <= UNBROKEN);
    let counts = short && cells().all(|cell| matches!(cell, Cell::Int(_) | Cell::Empty));
    match (column.align, column.flexible) {
        // A number that leads the row, such as a rank, stands close to what it numbers.
        (Align::Right, false) if counts && leads => Some("number count fit keep"),
        (Align::Right, false) if counts => Some("number count keep"),
        (Align::Right, false) if short => Some("number keep"),
        (Align::Right, _) => Some("number"),
        (Align::Left, false) if short => Some("fit keep"),
        (Align::Left, _) => None,
    }
}

fn value(column: &Column<'_>, value: Option<&Cell>) -> Markup {
    let value = value.unwrap_or(&Cell::Empty);
    let label = clean(column.name);
    if column.heads {
        return html! { th class=[column.class] scope="row" data-label=(label) { (cell(value)) } };
    }
    // A card leaves out what is absent.
    let absent = matches!(value, Cell::Empty).then_some("void");
    let class = [column.class, absent].into_iter().flatten().collect::<Vec<_>>().join(" ");
    html! { td class=[(!class.is_empty()).then_some(class)] data-label=(label) { (cell(value)) } }
}
