//! Rules across records: what is wrong although each record by itself is right. One function a rule, one list of
//! rules; a rule returns its problems and prints nothing.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::language::tr;
use crate::model::{Plan, UnitId};
use std::collections::HashMap;

/// A rule looks at the whole plan and returns what is wrong.
type Rule = fn(&Plan) -> Vec<Diagnostic>;

/// What must hold.
const ERRORS: &[Rule] = &[duplicate_ids, groups_in_themselves];

/// What is suspicious in a plan that has no error; in another it would follow from the errors.
const WARNINGS: &[Rule] = &[unused_units];

/// Every error across records.
pub fn errors(plan: &Plan) -> Vec<Diagnostic> {
    ERRORS.iter().flat_map(|rule| rule(plan)).collect()
}

/// Every warning across records, for a plan without errors.
pub fn warnings(plan: &Plan) -> Vec<Diagnostic> {
    WARNINGS.iter().flat_map(|rule| rule(plan)).collect()
}

/// Two tasks never share an id.
fn duplicate_ids(plan: &Plan) -> Vec<Diagnostic> {
    let mut seen: HashMap<&str, &str> = HashMap::new();
    let mut problems = Vec::new();
    for task in &plan.tasks {
        if let Some(title) = seen.insert(&task.id, &task.title) {
            let message = tr(
                format!("编号“{}”已经用于“{title}”", task.id),
                format!("the id {} is already that of {title}", task.id),
            );
            problems.push(
                Diagnostic::new(Code::DuplicateId, task.span, message)
                    .help(tr("每项任务的编号只能用一次", "give each task its own id")),
            );
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
