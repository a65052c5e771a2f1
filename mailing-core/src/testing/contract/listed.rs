//! Nothing is promised without a case, and no case is left out of the list.

use std::path::Path;

/// The source of the list, in which every case must stand.
const LIST: &str = include_str!("list.rs");

/// Name and text of each source file in a folder of this crate.
fn sources(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(folder).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    paths
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect()
}

#[test]
fn every_method_of_the_ports_has_a_case() {
    let cases = sources("src/testing/contract");
    let mut methods = 0;
    for (file, port) in sources("src/ports/store") {
        for line in port.lines() {
            if let Some(method) = line.trim().strip_prefix("async fn ") {
                let (method, _) = method.split_once('(').unwrap();
                let call = format!(".{method}(");
                let called = cases.iter().any(|(_, case)| case.contains(&call));
                assert!(called, "{method} of {file} is called by no case");
                methods += 1;
            }
        }
    }
    assert!(methods > 70, "{methods} methods were found");
}

#[test]
fn every_case_is_in_the_list() {
    let mut cases = 0;
    for (subject, source) in sources("src/testing/contract") {
        if ["mod", "list", "listed", "scene"].contains(&subject.as_str()) {
            continue;
        }
        let (_, listed) = LIST.split_once(&format!(" {subject} {{")).unwrap();
        let (listed, _) = listed.split_once('}').unwrap();
        for line in source.lines() {
            if let Some(case) = line.strip_prefix("pub async fn ") {
                let (case, _) = case.split_once('(').unwrap();
                assert!(listed.split_whitespace().any(|word| word == case), "{case}");
                cases += 1;
            }
        }
    }
    assert!(cases > 100, "{cases} cases were found");
}
