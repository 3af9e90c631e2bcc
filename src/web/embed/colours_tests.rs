//! Tests of [`colours`](super).

use super::*;

#[test]
fn contrast_is_what_the_standard_says() {
    let colour = |text| Colour::read(text).unwrap();
    for (one, other, ratio, verdict) in [
        ("000000", "#ffffff", 21.0, Verdict::Good),
        ("767676", "ffffff", 4.54, Verdict::Good),
        ("777777", "ffffff", 4.48, Verdict::Large),
        ("ff0000", "ffffff", 4.0, Verdict::Large),
        ("ffff00", "ffffff", 1.07, Verdict::Poor),
    ] {
        let (one, other) = (colour(one), colour(other));
        assert!((one.contrast(other) - ratio).abs() < 0.01, "{}", one.contrast(other));
        assert_eq!((one.verdict(other), other.verdict(one)), (verdict, verdict));
    }
}

#[test]
fn what_stands_on_a_ground_that_is_chosen_can_be_read_by_day_and_by_night() {
    for (ground, scheme, ink) in [
        (Some("ffffff"), "light", "--ink: #23201c"),
        (Some("ffee00"), "light", "--ink: #23201c"),
        (Some("111111"), "dark", "--ink: #f0ebe3"),
        (Some("1a4fb5"), "dark", "--ink: #f0ebe3"),
        (None, "light", "--ink: #23201c"),
    ] {
        let chosen = ground.map(|ground| ("ground", Colour::read(ground).unwrap()));
        let link = ("link", Colour::read("1a4fb5").unwrap());
        let style = Colours(chosen.into_iter().chain([link]).collect()).style();
        let frame = style.lines().next().unwrap();
        assert!(frame.contains(&format!("color-scheme: {scheme}; ")), "{style}");
        assert!(frame.contains(ink), "{style}");
        // What is chosen comes after what stands around it.
        assert!(style.lines().nth(1).unwrap().contains("--link: #1a4fb5"), "{style}");
    }
}

#[test]
fn the_colours_around_are_those_of_the_style_of_frames() {
    let style = include_str!("frame.css");
    for (_, variables) in [LIGHT, DARK] {
        let all = variables.map(|(name, colour)| format!("{name}: #{colour}")).join("; ");
        assert!(style.contains(&all), "{all}");
    }
}

#[test]
fn only_six_digits_are_a_colour() {
    for text in ["", "red", "#fff", "7a2f1g", "#7a2f1d;", "７a2f1d", "}a{b:c"] {
        assert_eq!(Colour::read(text), None, "{text}");
    }
    assert_eq!(Colour::read("#7A2F1D").unwrap().to_string(), "7a2f1d");
}
