//! Tests of [`marks`](super).

use super::super::Pin;
use super::*;
use crate::model::Point;

/// The marks for each width of a map with a wide area, `name`, under a pin.
fn marks(name: &str) -> Vec<String> {
    let point = |latitude, longitude| Point::new(latitude, longitude).unwrap();
    let pin = |number, point| Pin { number, name: "Here", point, href: None };
    let pins = vec![
        pin(1, point(55.97, -3.2)),
        pin(2, point(55.9, -3.1)),
        pin(3, point(55.9702, -3.2002)),
    ];
    let subject = Subject { pins, ..Subject::default() };
    let frame = Frame::around(&subject, &[]).unwrap();
    let (width, height) = (frame.width, frame.height);
    let rings = vec![vec![(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]];
    let middle = Some(frame.project(subject.pins[0].point));
    let mut svg = String::new();
    draw(&mut svg, &frame, &subject, &[Name { text: name.to_owned(), middle, rings }]);
    svg.split(" transform=\"scale(").skip(1).map(str::to_owned).collect()
}

/// A number that the text has first after `name="`.
fn number(text: &str, name: &str) -> f64 {
    let value = text.split(&format!(" {name}=\"")).nth(1).unwrap();
    value.split('"').next().unwrap().parse().unwrap()
}

#[test]
fn a_name_gives_way_to_a_pin_and_stays_on_the_sheet_at_every_width() {
    for (svg, (_, width)) in marks("A name").iter().zip(WIDTHS) {
        let name = svg.split("map-name").nth(1).unwrap();
        let (x, y) = (number(name, "x"), number(name, "y") - 4.0);
        let dots: Vec<&str> = svg.split("map-dot").skip(1).collect();
        assert_eq!(dots.len(), 2, "pins that lie on each other are one");
        for dot in dots {
            let reach = number(dot, "r");
            let across = (number(dot, "cx") - x).abs() - 6.0 * LETTER.0 / 2.0;
            let down = (number(dot, "cy") - y).abs() - LETTER.1 / 2.0;
            assert!(across > reach || down > reach, "at {width} a pin lies on the name");
        }
        assert!(x > 20.0 && x < width - 20.0, "{x} of {width}");
    }
}

#[test]
fn the_centre_is_seen_on_all_sides_of_a_pin_that_lies_on_it() {
    let point = |latitude, longitude| Point::new(latitude, longitude).unwrap();
    let pin = |number, point| Pin { number, name: "Here", point, href: None };
    for (pins, covered) in [
        (vec![pin(1, point(55.97, -3.2)), pin(2, point(55.9, -3.1))], true),
        (vec![pin(1, point(55.9, -3.1)), pin(2, point(56.0, -3.3))], false),
    ] {
        let subject = Subject { pins, centre: Some(point(55.97, -3.2)), ..Subject::default() };
        let frame = Frame::around(&subject, &[]).unwrap();
        let mut svg = String::new();
        draw(&mut svg, &frame, &subject, &[]);
        let crosses = svg.split("class=\"map-centre\" d=\"M").skip(1);
        let mut count = 0;
        for cross in crosses {
            let numbers: Vec<f64> = cross
                .split('"')
                .next()
                .unwrap()
                .split(['H', 'M', 'V', ' '])
                .map(|number| number.parse().unwrap())
                .collect();
            let arm = (numbers[2] - numbers[0]) / 2.0;
            // A pin with a number is 12 pixels wide from its middle.
            assert!(if covered { arm >= 12.0 + ARM } else { arm < 9.0 }, "{cross}");
            count += 1;
        }
        assert_eq!(count, WIDTHS.len());
    }
}

#[test]
fn a_name_without_room_stays_away() {
    let all = marks(&"long ".repeat(60));
    assert_eq!(all.len(), WIDTHS.len());
    assert!(all.iter().all(|svg| !svg.contains("map-name")));
}
