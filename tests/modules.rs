//! The modules stand in `lib.rs` in reading order, and each uses only those above it.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_path_buf()];
    }
    let entries = fs::read_dir(path).expect("a folder of the sources");
    let mut files: Vec<_> =
        entries.map(|entry| entry.expect("an entry").path()).flat_map(|p| sources(&p)).collect();
    files.sort();
    files
}

#[test]
fn a_module_uses_only_those_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = fs::read_to_string(root.join("lib.rs")).expect("lib.rs");
    let modules: Vec<&str> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert!(modules.len() > 10);
    for (at, module) in modules.iter().enumerate() {
        let file = root.join(format!("{module}.rs"));
        let place = if file.exists() { file } else { root.join(module) };
        for source in sources(&place) {
            let text = fs::read_to_string(&source).expect("a source file");
            // Tests at the end of a file may use what they like.
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for later in &modules[at + 1..] {
                let names =
                    [format!("crate::{later}::"), format!("crate::{later};"), format!("crate::{{{later}")];
                for name in names {
                    assert!(
                        !code.contains(&name),
                        "{} uses {later}, which stands below it",
                        source.display()
                    );
                }
            }
        }
    }
}

#[test]
fn only_one_module_names_the_yaml_parser_and_only_the_shell_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for source in sources(&root) {
        let text = fs::read_to_string(&source).expect("a source file");
        let name = source.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_string();
        assert!(name == "yaml.rs" || !text.contains("granit_parser"), "{name}");
        for print in ["println!", "print!(", "eprint!("] {
            assert!(!text.contains(print), "{name} prints with {print}");
        }
        assert!(name == "main.rs" || !text.contains("Local::now"), "{name} reads the clock");
    }
}
