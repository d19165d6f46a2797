//! `plan` keeps a county work plan (工作方案) in one YAML file and answers what is due, what is overdue, and how
//! each unit stands.
//!
//! The modules stand in reading order, along one line of data: text → [`model::Plan`] → [`status::Status`] as of a
//! day → report → [`document::Document`] → bytes. A module uses only those above it; a test holds that.

pub mod language;

pub mod address;

pub mod calendar;

pub mod diagnostic;

pub mod explain;

pub mod document;

pub mod model;

pub mod yaml;

pub mod shape;

pub mod schema;

pub mod slip;

pub mod check;

pub mod load;

pub mod edit;

pub mod difference;

pub mod original;

pub mod status;

pub mod query;

pub mod report;

pub mod record;

pub mod render;

pub mod commands;

pub mod cli;
