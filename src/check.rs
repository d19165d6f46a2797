//! Rules across records: what is wrong although each record by itself is right. One function a rule, one list of
//! rules; a rule returns its problems and prints nothing.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::language::tr;
use crate::model::{Frequency, Plan, UnitId, When};
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// A rule looks at the whole plan and returns what is wrong.
type Rule = fn(&Plan) -> Vec<Diagnostic>;

/// What must hold.
const ERRORS: &[Rule] = &[duplicate_ids, groups_in_themselves];

/// What is suspicious in a plan that has no error; in another it would follow from the errors.
const WARNINGS: &[Rule] = &[unused_units, repeated_items];

/// Every error across records.
pub fn errors(plan: &Plan) -> Vec<Diagnostic> {
    ERRORS.iter().flat_map(|rule| rule(plan)).collect()
}

/// Every warning across records, for a plan without errors.
pub fn warnings(plan: &Plan) -> Vec<Diagnostic> {
    WARNINGS.iter().flat_map(|rule| rule(plan)).collect()
}

/// Two tasks never share an id, nor do two sections; ids that differ in capitals, blanks or width alone are the same to
/// whoever types them.
fn duplicate_ids(plan: &Plan) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let sections =
        plan.sections.iter().map(|section| (section.id.as_str(), section.title.as_str(), section.span));
    let tasks = plan.tasks.iter().map(|task| (task.id.as_str(), task.title.as_str(), task.span));
    for things in [sections.collect::<Vec<_>>(), tasks.collect()] {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for (id, title, span) in things.into_iter().filter(|(id, ..)| !id.is_empty()) {
            if let Some(title) = seen.insert(as_typed(id), title) {
                let message = tr(
                    format!("编号“{id}”已经用于“{title}”"),
                    format!("the id {id} is already that of {title}"),
                );
                problems.push(
                    Diagnostic::new(Code::DuplicateId, span, message)
                        .help(tr("每项任务、每个板块的编号只能用一次", "give each its own id")),
                );
            }
        }
    }
    problems
}

/// An id in capitals of plain width, without blanks.
fn as_typed(id: &str) -> String {
    let plain = |c: char| match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    id.chars().map(plain).filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

/// What tells items of one name from each other: the deadline, or how often they recur.
#[derive(PartialEq, Eq, Hash)]
enum Deadline<'p> {
    Day(NaiveDate),
    After(u32, &'p str),
    Stages(Vec<Option<NaiveDate>>),
    Every(Option<Frequency>),
}

/// A milestone, indicator or duty that stands twice in a task with the same name, deadline and units counts twice.
fn repeated_items(plan: &Plan) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for task in &plan.tasks {
        if task.milestones.len() + task.indicators.len() + task.duties.len() < 2 {
            continue;
        }
        let mut seen = HashSet::new();
        let milestones = task.milestones.iter().map(|item| {
            let deadline = match &item.when {
                When::Dated { due, .. } => Deadline::Day(*due),
                When::Within { days, after, .. } => Deadline::After(*days, after),
            };
            (item.what.as_str(), deadline, &item.terms)
        });
        let indicators = task.indicators.iter().map(|item| {
            let stages = item.stages.iter().map(|stage| stage.due).collect();
            (item.name.as_str(), Deadline::Stages(stages), &item.terms)
        });
        let duties =
            task.duties.iter().map(|item| (item.what.as_str(), Deadline::Every(item.every), &item.terms));
        for (name, deadline, terms) in milestones.chain(indicators).chain(duties) {
            let units: Vec<UnitId> = terms.units.iter().map(|responsible| responsible.unit).collect();
            if !seen.insert((name, deadline, units)) {
                let message = tr(
                    format!("任务 {} 里“{name}”写了两次，会算成两项", task.id),
                    format!("{name} stands twice in the task {} and counts twice", task.id),
                );
                let span = Span::new(terms.span.start, terms.span.start);
                problems.push(Diagnostic::new(Code::RepeatedItem, span, message).help(tr(
                    "去掉一个；确是两件事的，名称写得不同",
                    "take one out, or tell them apart by name",
                )));
            }
        }
    }
    problems
}

/// A group is never its own member, not even through another group.
fn groups_in_themselves(plan: &Plan) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for id in in_circles(plan) {
        let unit = plan.unit(id);
        let message = tr(
            format!("集体单位“{}”的成员里有它自己", unit.name),
            format!("the group {} has itself among its members", unit.name),
        );
        problems.push(
            Diagnostic::new(Code::GroupInItself, unit.span, message)
                .help(tr("从 members 里去掉", "take it out of `members`")),
        );
    }
    problems
}

/// The units that are reached from themselves: those in a strongly connected component of several, and those that name
/// themselves. Tarjan's algorithm, without recursion, so that no chain of groups is too long for it.
fn in_circles(plan: &Plan) -> Vec<UnitId> {
    const UNSEEN: usize = usize::MAX;
    let members = |id: usize| plan.units[id].members.as_deref().unwrap_or_default();
    let count = plan.units.len();
    let (mut order, mut low, mut on_stack) = (vec![UNSEEN; count], vec![UNSEEN; count], vec![false; count]);
    let (mut stack, mut circles, mut seen) = (Vec::new(), Vec::new(), 0);
    for start in 0..count {
        if order[start] != UNSEEN {
            continue;
        }
        // Each unit on the way with how many of its members have been followed.
        let mut way = vec![(start, 0)];
        while let Some((id, followed)) = way.last_mut() {
            let id = *id;
            if *followed == 0 {
                (order[id], low[id]) = (seen, seen);
                seen += 1;
                stack.push(id);
                on_stack[id] = true;
            }
            if let Some(member) = members(id).get(*followed) {
                *followed += 1;
                if order[member.0] == UNSEEN {
                    way.push((member.0, 0));
                } else if on_stack[member.0] {
                    low[id] = low[id].min(order[member.0]);
                }
                continue;
            }
            way.pop();
            if let Some((above, _)) = way.last() {
                low[*above] = low[*above].min(low[id]);
            }
            if low[id] == order[id] {
                let first = stack.iter().rposition(|other| *other == id).unwrap_or_default();
                let component = stack.split_off(first);
                component.iter().for_each(|member| on_stack[*member] = false);
                if component.len() > 1 || members(id).contains(&UnitId(id)) {
                    circles.extend(component.into_iter().map(UnitId));
                }
            }
        }
    }
    circles.sort_unstable();
    circles
}

/// A registered unit that no task, item or group names is perhaps a mistyped one.
fn unused_units(plan: &Plan) -> Vec<Diagnostic> {
    let mut used = vec![false; plan.units.len()];
    for task in &plan.tasks {
        let items = (task.milestones.iter().map(|item| &item.terms))
            .chain(task.indicators.iter().map(|item| &item.terms))
            .chain(task.duties.iter().map(|item| &item.terms));
        for responsible in task.units.iter().chain(items.flat_map(|terms| &terms.units)) {
            used[responsible.unit.0] = true;
        }
    }
    for member in plan.units.iter().flat_map(|unit| unit.members.iter().flatten()) {
        used[member.0] = true;
    }
    plan.unit_ids().filter(|(id, _)| !used[id.0]).map(|(_, unit)| unused(unit.span, &unit.name)).collect()
}

fn unused(span: Span, name: &str) -> Diagnostic {
    let message = tr(format!("单位“{name}”没有任何任务"), format!("no task names the unit {name}"));
    Diagnostic::new(Code::UnusedUnit, span, message)
        .help(tr("不再需要就从名录里去掉", "take it out of the registry if it is not needed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load;
    use chrono::NaiveDate;

    /// Units by name, each with its members.
    fn in_circles_of(units: &[(&str, &str)]) -> Vec<String> {
        let registry: String = units
            .iter()
            .map(|(name, members)| format!("  - {{name: {name}, members: [{members}]}}\n"))
            .collect();
        let text = format!("plan: {{title: 试, year: 2023}}\nunits:\n{registry}sections: []\n");
        let today = NaiveDate::from_ymd_opt(2024, 1, 15).expect("a date");
        let plan = load::plan(&text, today).plan.expect("a plan");
        in_circles(&plan).into_iter().map(|id| plan.unit(id).name.clone()).collect()
    }

    #[test]
    fn a_group_is_in_a_circle_where_it_is_reached_from_itself() {
        assert_eq!(in_circles_of(&[("甲", "甲"), ("乙", "甲"), ("丙", "")]), ["甲"]);
        assert_eq!(
            in_circles_of(&[("甲", "乙"), ("乙", "丙, 丁"), ("丙", "甲"), ("丁", "")]),
            ["甲", "乙", "丙"]
        );
        // What lies between two circles is in neither.
        assert_eq!(
            in_circles_of(&[("甲", "乙"), ("乙", "甲, 丙"), ("丙", "丁"), ("丁", "戊"), ("戊", "丁")]),
            ["甲", "乙", "丁", "戊"]
        );
        assert_eq!(in_circles_of(&[("甲", "乙, 丙"), ("乙", "丁"), ("丙", "丁"), ("丁", "")]), [""; 0]);
    }
}
