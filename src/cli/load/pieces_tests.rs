//! Tests of [`pieces`](super).

use super::*;

#[test]
fn the_graph_of_a_line_is_its_fourth_term() {
    let cases: [(&str, Option<&str>); 10] = [
        ("<s> <p> <o> <g> .", Some("<g>")),
        ("<s><p><o><g>.", Some("<g>")),
        (r#"<s> <p> "a \"<b>\" \\" <g> ."#, Some("<g>")),
        (r#"<s> <p> "a"@en-GB <g> ."#, Some("<g>")),
        (r#"<s> <p> "1"^^<t> <g> ."#, Some("<g>")),
        ("<s> <p> <o> .", None),
        (r#"<s> <p> "a" ."#, None),
        ("_:s <p> <o> <g> .", None),
        ("<s> <p> <o> _:g .", None),
        ("nonsense", None),
    ];
    for (line, graph) in cases {
        assert_eq!(graph_of(line.as_bytes()), graph.map(str::as_bytes), "{line}");
    }
}

#[test]
fn only_a_document_whose_graphs_stand_together_can_be_cut() {
    let cases = [
        ("<s> <p> <a> <g> .\n# more\n\n<s> <p> <b> <g> .\n<s> <p> <a> <h> .", true),
        ("<s> <p> <a> <g> .\n<s> <p> <a> <h> .\n<s> <p> <b> <g> .\n", false),
        ("<s> <p> <a> <g> .\n<s> <p> <a> .\n", false),
        ("<s> <p> _:a <g> .\n", false),
    ];
    for (document, expected) in cases {
        assert_eq!(can_be_cut(document.as_bytes()).unwrap(), expected, "{document}");
    }
}

#[test]
fn pieces_are_whole_graphs_and_together_the_document() {
    let mut document = String::from("# begins\n");
    for graph in 0..7 {
        for object in 0..=graph {
            document.extend(["<s> <p> <", &object.to_string(), "> "]);
            document.extend(["<g", &graph.to_string(), "> .\n"]);
        }
        document += "\n";
    }
    for least in 0..document.len() + 2 {
        let pieces: Vec<Piece> =
            Pieces::new(document.as_bytes(), least).collect::<io::Result<_>>().unwrap();
        let mut lines = 0;
        let mut whole = Vec::new();
        let mut graphs = HashSet::new();
        for piece in &pieces {
            assert_eq!(piece.after, lines, "{least}");
            whole.extend_from_slice(&piece.bytes);
            let text = String::from_utf8(piece.bytes.clone()).unwrap();
            lines += text.matches('\n').count();
            let here: HashSet<String> = text
                .lines()
                .filter_map(|line| graph_of(line.as_bytes()))
                .map(|graph| String::from_utf8(graph.to_vec()).unwrap())
                .collect();
            for graph in here {
                assert!(graphs.insert(graph), "{least}: a graph in two pieces");
            }
        }
        assert_eq!(String::from_utf8(whole).unwrap(), document, "{least}");
    }
}
