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
    for (id, unit) in plan.unit_ids() {
        if reaches(plan, id, id) {
            let message = tr(
                format!("集体单位“{}”的成员里有它自己", unit.name),
                format!("the group {} has itself among its members", unit.name),
            );
            problems.push(
                Diagnostic::new(Code::GroupInItself, unit.span, message)
                    .help(tr("从 members 里去掉", "take it out of `members`")),
            );
        }
    }
    problems
}

/// Whether `target` is a member of `group` at any depth.
fn reaches(plan: &Plan, group: UnitId, target: UnitId) -> bool {
    let mut seen = vec![false; plan.units.len()];
    let mut open = vec![group];
    while let Some(id) = open.pop() {
        for member in plan.unit(id).members.iter().flatten() {
            if *member == target {
                return true;
            }
            if !std::mem::replace(&mut seen[member.0], true) {
                open.push(*member);
            }
        }
    }
    false
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
