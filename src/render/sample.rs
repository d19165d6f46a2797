//! Documents that the tests of all renderers share.

use crate::document::{Block, Cell, Column, Document, Fact, Item, Shape, Table, Tone};
use chrono::NaiveDate;

/// A list: rows only.
pub fn overdue() -> Document {
    let row =
        |days: i64, task: &str, what: &str, due: NaiveDate, wording: &str, units: &[&str], short: &str| {
            let word = format!("{days} 天");
            vec![
                Cell::Int(days),
                Cell::State { key: "overdue", word, tone: Tone::Bad },
                Cell::text(task),
                Cell::text(what),
                Cell::Date(due),
                Cell::text(format!("{due} {wording}")),
                Cell::State { key: "overdue", word: "逾期".into(), tone: Tone::Bad },
                Cell::List(units.iter().map(ToString::to_string).collect()),
                Cell::text(short),
            ]
        };
    let columns = vec![
        Column::data("overdue_days"),
        Column::people("逾期").right(),
        Column::both("task", "任务"),
        Column::both("what", "内容").flexible(),
        Column::data("due"),
        Column::people("完成时限").flexible(),
        Column::data("state"),
        Column::data("units"),
        Column::people("责任单位").flexible(),
    ];
    let both = ["乡村振兴局", "财政局"];
    let rows = vec![
        row(
            91,
            "E7",
            "确权到嘎查村的资产录入全国平台（二期）",
            day(3, 31),
            "3月底",
            &both,
            "乡村振兴局等4家",
        ),
        row(
            61,
            "A1.3",
            "衔接资金拨付进度≥ 30%，其中411.82公里道路、329个公益性岗位、1—5月按月调度",
            day(4, 30),
            "4月底前（原定2023-03-31，已延期）",
            &both[1..],
            "农牧和科技局、住房和城乡建设局",
        ),
    ];
    let table =
        Table { key: Some("overdue"), shown: true, columns, rows, empty: "没有逾期事项。".into() };
    Document {
        title: "逾期 2 项 · 截至 2023-06-30".into(),
        shape: Shape::Rows,
        blocks: vec![
            Block::Table(table),
            Block::Note("另有 3 项今日到期。查看一项：plan show E7；各单位情况：plan units".into()),
        ],
    }
}

/// A report: one object with every kind of part.
pub fn report() -> Document {
    let totals = vec![
        Fact::both("due", "应完成", Cell::Int(24)),
        Fact::both("completion_rate", "完成率", Cell::Percent(75.0)),
        Fact::people("出处", Cell::text("二(三)6")),
    ];
    Document {
        title: "试验县2023年工作方案 第二季度进展情况".into(),
        shape: Shape::Object,
        blocks: vec![
            Block::Facts {
                key: None,
                facts: vec![
                    Fact::data("period", Cell::text("2023Q2")),
                    Fact::people("统计期间", Cell::text("2023-04-01 至 2023-06-30")),
                    Fact::both("as_of", "截至", Cell::Date(day(6, 30))),
                ],
            },
            heading(1, "一、总体情况"),
            Block::Paragraph(
                "应完成 24 项：按期完成 15（62.5%），逾期完成 3（12.5%），未完成 6（25.0%，其中今日到期 2）。".into(),
            ),
            Block::Paragraph("以前各季度结转逾期 2 项。完成率 18/24 = 75.0%，按期率 15/24 = 62.5%。".into()),
            Block::Facts { key: Some("totals"), facts: totals },
            heading(1, "二、指标与序时进度"),
            Block::Table(indicators()),
            Block::Note("统计口径：当前值低于序时进度10个百分点以内为正常，10至30个百分点为滞后。".into()),
            heading(1, "四、逾期和滞后事项（请责任单位报送整改措施）"),
            Block::Items(vec![
                Item {
                    tone: Tone::Bad,
                    text: "E7 确权资产录入平台　逾期 91 天　乡村振兴局等4家".into(),
                    details: vec![
                        "存在问题：系统权限未开通，须由自治区统一开通后方可录入（2023-06-12 乡村振兴局报送）；下一步：7月底前完成".into(),
                    ],
                },
                Item { tone: Tone::Warning, text: "E2 按月调度".into(), details: vec!["欠5期，1—5月".into()] },
            ]),
            heading(2, "未报送"),
            Block::Table(Table {
                key: Some("not_reporting"),
                shown: true,
                columns: vec![Column::both("unit", "单位")],
                rows: Vec::new(),
                empty: "各单位均已报送。".into(),
            }),
            Block::Documents { key: "tasks", documents: vec![task()] },
        ],
    }
}

/// A list with one text.
pub fn note(text: &str) -> Document {
    let table = Table {
        key: Some("notes"),
        shown: true,
        columns: vec![Column::both("what", "内容").flexible()],
        rows: vec![vec![Cell::text(text)]],
        empty: String::new(),
    };
    Document { title: "记录".into(), shape: Shape::Rows, blocks: vec![Block::Table(table)] }
}

fn task() -> Document {
    let units =
        ["交通运输局", "农科局", "乡村振兴局", "工信局", "供电公司", "林草局", "水利局", "发改委", "住建局"];
    let units = units.into_iter().chain(["各苏木镇", "各中心", "各公司"]).map(str::to_string).collect();
    let state = Cell::State { key: "overdue", word: "逾期".into(), tone: Tone::Bad };
    Document {
        title: "C6  村容村貌整体提升".into(),
        shape: Shape::Object,
        blocks: vec![Block::Facts {
            key: None,
            facts: vec![
                Fact::data("id", Cell::text("C6")),
                Fact::both("state", "状态", state),
                Fact::both("next_due", "下一时限", Cell::Empty),
                Fact::both("units", "责任单位", Cell::List(units)),
                Fact::people("进度", Cell::Bar { percent: 50.0, mark: Some(49.6), tone: Tone::Good }),
            ],
        }],
    }
}

fn indicators() -> Table {
    let row = |name: &str, value: Option<f64>, measure: &str, percent: f64, word: &str, tone: Tone| {
        vec![
            Cell::text(name),
            value.map_or(Cell::Empty, |value| Cell::Number(value, measure.into())),
            Cell::Bar { percent, mark: Some(49.6), tone },
            Cell::State { key: "any", word: word.into(), tone },
        ]
    };
    Table {
        key: Some("indicators"),
        shown: true,
        columns: vec![
            Column::both("name", "指标").flexible(),
            Column::both("value", "当前").right(),
            Column::both("percent", "进度"),
            Column::people("评价"),
        ],
        rows: vec![
            row("乡村绿化美化示范村", Some(1.0), "个", 50.0, "正常", Tone::Good),
            row("农村公路新改建里程（含“四好农村路”）", Some(411.82), "公里", 124.2, "正常", Tone::Good),
            row("脱贫人口小额信贷发放量", None, "万元", 12.5, "严重滞后", Tone::Bad),
        ],
        empty: "无".into(),
    }
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: text.into() }
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2023, month, day).expect("a day of 2023")
}
