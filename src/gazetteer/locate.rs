//! Which areas hold a point: a coarse grid of boxes, then bands of sides.

use crate::gazetteer::areas::{Area, Areas};
use crate::gazetteer::boundary::{Corner, lies_east, to_micro};
use crate::model::Point;

/// Cells of the grid along each edge.
const GRID: usize = 128;

/// How far outside every boundary a point may lie and still be given to the
/// nearest, in metres.
///
/// The boundaries are simplified at 100 m, so that piers and shores fall
/// outside. No more than that: beyond the land border is another country.
const SHORE: f64 = 200.0;

/// Metres in a microdegree of latitude, by the sphere of [`Point`].
const METRES_PER_MICRODEGREE: f64 = 0.111_37;

/// An index of the areas that have a boundary.
#[derive(Debug, Clone, Default)]
pub(super) struct Locator {
    /// South and west of the grid, in microdegrees.
    south_west: (i64, i64),
    /// Microdegrees of latitude and longitude for each cell.
    cell: (i64, i64),
    /// For each cell, row by row from the south-west, the shapes that may
    /// touch it.
    cells: Vec<Vec<u32>>,
    shapes: Vec<Shape>,
}

#[derive(Debug, Clone)]
struct Shape {
    /// Index of the area in [`Areas::all`].
    area: usize,
    south: i32,
    north: i32,
    /// Microdegrees of latitude in each band.
    band: i64,
    /// The sides that touch each band.
    bands: Vec<Vec<(Corner, Corner)>>,
}

impl Locator {
    /// Indexes the narrowest areas; those above them follow by their links.
    pub(super) fn new(areas: &Areas) -> Self {
        let all = areas.all();
        let is_leaf = |area: &Area| {
            area.boundary.is_some()
                && !all.iter().any(|other| {
                    other.boundary.is_some()
                        && other
                            .parent
                            .iter()
                            .chain(&other.also_within)
                            .any(|code| *code == area.code)
                })
        };
        let leaves = all.iter().enumerate().filter(|(_, area)| is_leaf(area));
        let shapes: Vec<Shape> =
            leaves.filter_map(|(index, area)| Shape::new(index, area)).collect();
        Self::of_shapes(shapes, all)
    }

    fn of_shapes(shapes: Vec<Shape>, areas: &[Area]) -> Self {
        let margin = margin_of_latitude();
        let extents: Vec<[i64; 4]> = shapes
            .iter()
            .filter_map(|shape| areas[shape.area].bounding_box)
            .map(|area_box| {
                let (low, high) =
                    (Corner::of(area_box.south_west()), Corner::of(area_box.north_east()));
                // Longitude's degrees are shorter; four times covers all of Britain.
                [
                    i64::from(low.latitude) - margin,
                    i64::from(low.longitude) - margin * 4,
                    i64::from(high.latitude) + margin,
                    i64::from(high.longitude) + margin * 4,
                ]
            })
            .collect();
        let least = |at: usize| extents.iter().map(|extent| extent[at]).min().unwrap_or_default();
        let most = |at: usize| extents.iter().map(|extent| extent[at]).max().unwrap_or_default();
        let (south, west, north, east) = (least(0), least(1), most(2), most(3));
        let size = |span: i64| span / i64::try_from(GRID).expect("the grid is small") + 1;
        let mut locator = Self {
            south_west: (south, west),
            cell: (size(north - south), size(east - west)),
            cells: vec![Vec::new(); GRID * GRID],
            shapes,
        };
        for (number, [south, west, north, east]) in extents.into_iter().enumerate() {
            let (low, high) = (locator.cell_at(south, west), locator.cell_at(north, east));
            let (Some(low), Some(high)) = (low, high) else { continue };
            for row in low.0..=high.0 {
                for column in low.1..=high.1 {
                    let number = u32::try_from(number).expect("there are fewer areas than 2^32");
                    locator.cells[row * GRID + column].push(number);
                }
            }
        }
        locator
    }

    fn cell_at(&self, latitude: i64, longitude: i64) -> Option<(usize, usize)> {
        let row = usize::try_from((latitude - self.south_west.0).div_euclid(self.cell.0)).ok()?;
        let column =
            usize::try_from((longitude - self.south_west.1).div_euclid(self.cell.1)).ok()?;
        (row < GRID && column < GRID).then_some((row, column))
    }

    /// Indexes, in [`Areas::all`], of the narrowest areas that hold `point`;
    /// of the nearest within 200 m when none does.
    pub(super) fn find(&self, point: Point) -> Vec<usize> {
        let corner = Corner::of(point);
        if self.shapes.is_empty() {
            return Vec::new();
        }
        let cell = self.cell_at(corner.latitude.into(), corner.longitude.into());
        let Some((row, column)) = cell else { return Vec::new() };
        let near = || self.cells[row * GRID + column].iter().map(|&at| &self.shapes[at as usize]);
        let holding: Vec<usize> =
            near().filter(|shape| shape.contains(corner)).map(|shape| shape.area).collect();
        if !holding.is_empty() {
            return holding;
        }
        let distances = near().map(|shape| (shape.distance(corner), shape.area));
        let nearest = distances.min_by(|a, b| a.0.total_cmp(&b.0));
        nearest
            .filter(|(distance, _)| *distance <= SHORE)
            .map(|(_, area)| area)
            .into_iter()
            .collect()
    }
}

fn margin_of_latitude() -> i64 {
    i64::from(to_micro(SHORE / METRES_PER_MICRODEGREE / 1e6))
}

impl Shape {
    fn new(index: usize, area: &Area) -> Option<Self> {
        let (boundary, area_box) = (area.boundary.as_ref()?, area.bounding_box?);
        let south = Corner::of(area_box.south_west()).latitude;
        let north = Corner::of(area_box.north_east()).latitude;
        let count = (boundary.sides().count() / 8).clamp(1, 512);
        let span = i64::from(north) - i64::from(south);
        let band = span / i64::try_from(count).expect("there are at most 512 bands") + 1;
        let mut shape = Self { area: index, south, north, band, bands: vec![Vec::new(); count] };
        for (a, b) in boundary.sides() {
            let low = shape.band_at(a.latitude.min(b.latitude));
            let high = shape.band_at(a.latitude.max(b.latitude));
            for sides in &mut shape.bands[low..=high] {
                sides.push((a, b));
            }
        }
        Some(shape)
    }

    /// The band of a latitude, the first or last for what lies beyond.
    fn band_at(&self, latitude: i32) -> usize {
        let band = (i64::from(latitude) - i64::from(self.south)) / self.band;
        usize::try_from(band).unwrap_or_default().min(self.bands.len() - 1)
    }

    fn contains(&self, corner: Corner) -> bool {
        if !(self.south..=self.north).contains(&corner.latitude) {
            return false;
        }
        let sides = &self.bands[self.band_at(corner.latitude)];
        sides.iter().filter(|&&(a, b)| lies_east(corner, a, b)).count() % 2 == 1
    }

    /// Metres to the nearest side that lies within 200 m north or south;
    /// infinite when there is none.
    fn distance(&self, corner: Corner) -> f64 {
        let margin = i32::try_from(margin_of_latitude()).unwrap_or(i32::MAX);
        let low = self.band_at(corner.latitude.saturating_sub(margin));
        let high = self.band_at(corner.latitude.saturating_add(margin));
        self.bands[low..=high]
            .iter()
            .flatten()
            .map(|&(a, b)| distance_to_side(corner, a, b))
            .fold(f64::INFINITY, f64::min)
    }
}

/// Metres from `corner` to the side from `a` to `b`, in the local plane.
fn distance_to_side(corner: Corner, a: Corner, b: Corner) -> f64 {
    let narrow = (f64::from(corner.latitude) / 1e6).to_radians().cos();
    let plane = |end: Corner| {
        let offset =
            |to: i32, from: i32| (f64::from(to) - f64::from(from)) * METRES_PER_MICRODEGREE;
        (offset(end.longitude, corner.longitude) * narrow, offset(end.latitude, corner.latitude))
    };
    let ((ax, ay), (bx, by)) = (plane(a), plane(b));
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (ax + along * dx).hypot(ay + along * dy)
}
