//! The console blocks of both READMEs are what the program prints.

#[test]
fn the_readmes_show_what_the_program_prints() {
    trycmd::TestCases::new().env("PLAN_LANG", "zh").case("README.md").case("README.zh-CN.md");
}
