//! `plan schema`.

use super::{Outcome, World, write_whole};
use crate::language::tr;
use crate::schema;
use anyhow::Result;
use std::path::PathBuf;

/// The JSON Schema of the plan file.
#[derive(clap::Args, Debug)]
#[command(about = tr("方案文件的 JSON Schema，供编辑器补全和检查", "The JSON Schema of the plan file, for editors"))]
pub struct Schema {
    #[arg(short, long, value_name = tr("文件", "FILE"), help = tr("写入文件（整份写入，或一字不写）", "Write to a file, whole or not at all"))]
    output: Option<PathBuf>,
}

impl Schema {
    /// Runs the command.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn run(self, world: &mut World<'_>) -> Result<Outcome> {
        let text = schema::schema();
        match &self.output {
            None => world.out.write_all(text.as_bytes())?,
            Some(path) => write_whole(path, text.as_bytes())?,
        }
        Ok(Outcome::Success)
    }
}
