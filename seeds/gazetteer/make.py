#!/usr/bin/env python3
"""Makes the shipped gazetteer from the published files.

    python3 make.py SOURCES [OUTPUT]

SOURCES is a folder with the files that README.md lists; OUTPUT is this folder
unless told otherwise. Needs nothing but Python 3.9 or newer. The same sources
give the same bytes.
"""

import csv
import gzip
import json
import math
import sys
from collections import Counter
from pathlib import Path

import regions

SCOTLAND, UNITED_KINGDOM = "S92000003", "K02000001"

# Names which one publisher writes in another way than the boundary files do.
SAME_COUNCIL = {
    "Edinburgh, City of": "City of Edinburgh",
    "Edinburgh": "City of Edinburgh",
    "Na h-Eileanan an Iar": "Na h-Eileanan Siar",
    "Western Isles": "Na h-Eileanan Siar",
}
# Further names by which people ask for an area: (language, name).
OTHER_NAMES = {
    "S92000003": [("gd", "Alba")],
    "K02000001": [("en", "UK")],
    "S12000005": [("gd", "Siorrachd Chlach Mhanann")],
    "S12000006": [("gd", "Dùn Phrìs is Gall-Ghàidhealaibh")],
    "S12000008": [("gd", "Siorrachd Inbhir Àir an Ear")],
    "S12000010": [("gd", "Lodainn an Ear")],
    "S12000011": [("gd", "Siorrachd Rinn Friù an Ear")],
    "S12000013": [
        ("gd", "Na h-Eileanan an Iar"),
        ("gd", "Comhairle nan Eilean Siar"),
        ("en", "Western Isles"),
        ("en", "Outer Hebrides"),
    ],
    "S12000017": [("en", "Highlands"), ("gd", "A' Ghàidhealtachd")],
    "S12000018": [("gd", "Inbhir Chluaidh")],
    "S12000019": [("gd", "Meadhan Lodainn")],
    "S12000020": [("gd", "Moireibh")],
    "S12000021": [("gd", "Siorrachd Inbhir Àir a Tuath")],
    "S12000023": [("en", "Orkney"), ("gd", "Arcaibh")],
    "S12000026": [("en", "Borders"), ("gd", "Crìochan na h-Alba"), ("gd", "Na Crìochan")],
    "S12000027": [("en", "Shetland"), ("gd", "Sealtainn")],
    "S12000028": [("gd", "Siorrachd Inbhir Àir a Deas")],
    "S12000029": [("gd", "Lannraig a Deas")],
    "S12000033": [("en", "Aberdeen")],
    "S12000034": [("gd", "Siorrachd Obar Dheathain")],
    "S12000035": [("gd", "Earra-Ghàidheal is Bòd")],
    "S12000036": [("en", "Edinburgh")],
    "S12000038": [("gd", "Siorrachd Rinn Friù")],
    "S12000039": [("gd", "Siorrachd Dhùn Breatann an Iar")],
    "S12000040": [("gd", "Lodainn an Iar")],
    "S12000041": [("gd", "Aonghas")],
    "S12000042": [("en", "Dundee")],
    "S12000045": [("gd", "Siorrachd Dhùn Breatann an Ear")],
    "S12000047": [("gd", "Fìobha")],
    "S12000048": [("gd", "Peairt is Ceann Rois")],
    "S12000049": [("en", "Glasgow")],
    "S12000050": [("gd", "Lannraig a Tuath")],
}
LANGUAGES = {"": "", "eng": "en", "gla": "gd", "cym": "cy"}


def rows(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8")
    with opened as file:
        return list(csv.DictReader(file))


def polygons(geometry):
    coordinates = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else coordinates


def signed_area(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])) / 2


def dissolve(parts):
    """The union of areas which share their borders point by point."""
    edges = {}
    for part in parts:
        for polygon in part:
            for number, ring in enumerate(polygon):
                # Outer rings anticlockwise, holes clockwise: a shared border
                # is then walked once each way, and both walks cancel.
                if (signed_area(ring) > 0) != (number == 0):
                    ring = ring[::-1]
                for a, b in zip(map(tuple, ring), map(tuple, ring[1:])):
                    if (b, a) in edges:
                        edges[b, a] -= 1
                        if not edges[b, a]:
                            del edges[b, a]
                    else:
                        edges[a, b] = edges.get((a, b), 0) + 1
    following = {}
    for (a, b), count in edges.items():
        following.setdefault(a, []).extend([b] * count)
    rings = []
    while following:
        start = next(iter(following))
        path, seen = [start], {start: 0}
        while path[-1] in following:
            here = path[-1]
            there = following[here].pop()
            if not following[here]:
                del following[here]
            if there in seen:
                # A loop is closed: it leaves the path, which goes on.
                at = seen[there]
                rings.append(path[at:] + [there])
                for point in path[at + 1:]:
                    del seen[point]
                del path[at + 1:]
            else:
                seen[there] = len(path)
                path.append(there)
    rings = [ring for ring in rings if len(ring) >= 4]
    outer = [ring for ring in rings if signed_area(ring) > 0]
    holes = [ring for ring in rings if signed_area(ring) < 0]
    result = [[ring] for ring in outer]
    for hole in holes:
        home = min(
            (polygon for polygon in result if inside(hole, polygon[0])),
            key=lambda polygon: signed_area(polygon[0]),
            default=None,
        )
        if home is not None:
            home.append(hole)
    return result


def inside(hole, ring):
    x = sum(point[0] for point in hole[:-1]) / (len(hole) - 1)
    y = sum(point[1] for point in hole[:-1]) / (len(hole) - 1)
    odd = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:]):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            odd = not odd
    return odd


def centroid(shape):
    """Centre of gravity, by the plane formula on equirectangular degrees."""
    total = latitude = longitude = 0.0
    for polygon in shape:
        for number, ring in enumerate(polygon):
            x0, y0 = ring[0]
            area = cx = cy = 0.0
            for (ax, ay), (bx, by) in zip(ring, ring[1:]):
                ax, ay, bx, by = ax - x0, ay - y0, bx - x0, by - y0
                cross = ax * by - bx * ay
                area += cross / 2
                cx += (ax + bx) * cross / 6
                cy += (ay + by) * cross / 6
            sign = (1 if area > 0 else -1) * (1 if number == 0 else -1)
            total += sign * area
            longitude += sign * (cx + area * x0)
            latitude += sign * (cy + area * y0)
    return latitude / total, longitude / total


def encode_number(value):
    value = ~(value << 1) if value < 0 else value << 1
    text = ""
    while value >= 0x20:
        text += chr((0x20 | (value & 0x1F)) + 63)
        value >>= 5
    return text + chr(value + 63)


def encode_ring(ring, decimals):
    """Differences of latitude and longitude, in the encoded polyline form."""
    text, before = "", (0, 0)
    for longitude, latitude in ring[:-1]:
        here = round(latitude * 10**decimals), round(longitude * 10**decimals)
        text += encode_number(here[0] - before[0]) + encode_number(here[1] - before[1])
        before = here
    return text


def boundary_line(code, shape, decimals):
    text = ";".join(" ".join(encode_ring(ring, decimals) for ring in polygon) for polygon in shape)
    return f"{code}\t{decimals}\t{text}\n"


def metres(a, b):
    x = math.radians(b[1] - a[1]) * math.cos(math.radians((a[0] + b[0]) / 2))
    y = math.radians(b[0] - a[0])
    return 6_381_000 * math.hypot(x, y)


def radius(centre, points):
    """The distance within which nine in ten of the points lie, to 10 m."""
    distances = sorted(metres(centre, point) for point in points)
    return max(50, int(round(distances[min(len(distances) - 1, len(distances) * 9 // 10)], -1)))


def write(path, heading, lines):
    text = "\t".join(heading) + "\n" + "".join("\t".join(map(str, line)) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8", newline="\n")


def make_areas(sources, output):
    """areas.tsv and boundaries.txt.gz; gives the code of each council name."""
    names = {row["code"]: row["name"] for row in rows(sources / "area_names.csv")}
    read = lambda name: json.loads((sources / name).read_text(encoding="utf-8"))["features"]
    councils, boards, wards = read("councils_200m.geojson"), read("health_boards_200m.geojson"), read("wards_100m.geojson")
    shapes = {
        feature["properties"]["code"]: polygons(feature["geometry"]) for feature in councils + boards + wards
    }
    council_codes = {feature["properties"]["name"]: feature["properties"]["code"] for feature in councils}
    council_code = lambda name: council_codes[SAME_COUNCIL.get(name, name)]

    # The newest code of each name is the one in force.
    authorities = {}
    for code in sorted(code for code in names if code.startswith("S37")):
        authorities[names[code]] = code
    authority_of = {}
    for name, code in authorities.items():
        members = name.split(" and ") if name == "Clackmannanshire and Stirling" else [name]
        for member in members:
            authority_of[council_code(member)] = code

    board_of = {feature["properties"]["code"]: feature["properties"]["health_board"] for feature in councils}

    former = {}
    current = {feature["properties"]["code"]: feature["properties"]["name"] for feature in councils + boards}
    current.update({code: name for name, code in authorities.items()})
    for code, name in names.items():
        if code in current or code[:3] not in ("S12", "S08", "S37"):
            continue
        name = SAME_COUNCIL.get(name, name) if code.startswith("S12") else name
        heirs = [heir for heir, heir_name in current.items() if heir_name == name and heir[:3] == code[:3]]
        if heirs:
            former.setdefault(heirs[0], []).append(code)

    boundaries, lines = [], []

    def add(code, level, name, parent="", also=(), shape=None, boundary_of=""):
        outline = shape or shapes.get(boundary_of)
        centre = tuple(f"{number:.5f}" for number in centroid(outline)) if outline else ("", "")
        others = "|".join(f"{language}:{other}" for language, other in OTHER_NAMES.get(code, []) if other != name)
        if level == "health-board":
            others = f"en:NHS {name}"
        elif level == "integration-authority":
            others = f"en:{name} Health and Social Care Partnership|en:{name} HSCP"
        old = "|".join(sorted(former.get(code, [])))
        lines.append((code, level, name, others, parent, "|".join(also), old, *centre, boundary_of))
        if shape:
            boundaries.append(boundary_line(code, shape, 4 if level == "ward" else 3))

    whole = dissolve([shapes[feature["properties"]["code"]] for feature in councils])
    add(UNITED_KINGDOM, "state", "United Kingdom")
    add(SCOTLAND, "country", "Scotland", UNITED_KINGDOM, shape=whole)
    for feature in boards:
        code = feature["properties"]["code"]
        add(code, "health-board", feature["properties"]["name"], SCOTLAND, shape=shapes[code])
    for name, code in sorted(authorities.items(), key=lambda pair: pair[1]):
        members = [council for council, authority in authority_of.items() if authority == code]
        board = {board_of[member] for member in members}
        if len(members) == 1:
            add(code, "integration-authority", name, SCOTLAND, board, boundary_of=members[0])
        else:
            outline = dissolve([shapes[member] for member in members])
            add(code, "integration-authority", name, SCOTLAND, board, shape=outline)
    for feature in councils:
        code = feature["properties"]["code"]
        also = [authority_of[code], board_of[code]]
        add(code, "council", feature["properties"]["name"], SCOTLAND, also, shape=shapes[code])
    for feature in wards:
        code = feature["properties"]["code"]
        add(code, "ward", feature["properties"]["name"], feature["properties"]["council"], shape=shapes[code])

    heading = ("code", "level", "name", "other_names", "parent", "also_within", "former_codes", "latitude", "longitude", "boundary_of")
    write(output / "areas.tsv", heading, lines)
    packed = gzip.compress("".join(boundaries).encode(), 9, mtime=0)
    (output / "boundaries.txt.gz").write_bytes(packed)
    return council_code


def make_postcodes(sources, output):
    units = rows(sources / "postcodes_scotland_2020-08.csv.gz")
    by_part = {}
    for unit in units:
        compact = unit["postcode"].replace(" ", "")
        outward, inward = compact[:-3], compact[-3:]
        position = float(unit["latitude"]), float(unit["longitude"])
        by_part.setdefault(outward, []).append(position)
        by_part.setdefault(f"{outward} {inward[0]}", []).append(position)
    heading = ("postcode", "units", "latitude", "longitude", "south", "west", "north", "east", "radius", "councils")
    for name, key, target in (
        ("postcode_sectors.csv", "sec", "sectors.tsv"),
        ("postcode_districts.csv", "out", "districts.tsv"),
    ):
        lines = []
        for row in rows(sources / name):
            councils = [row["council"]] + [code for code in row["councils"].split("|") if code != row["council"]]
            lines.append((
                row[key], row["n"], row["lat"], row["lon"],
                row["minlat"], row["minlon"], row["maxlat"], row["maxlon"],
                radius((float(row["lat"]), float(row["lon"])), by_part[row[key]]),
                "|".join(code for code in councils if code),
            ))
        write(output / target, heading, sorted(lines))


class Nearest:
    """Which of some positions is nearest to another."""

    CELL = 1_000

    def __init__(self, positions):
        self.positions = [self.plane(position) for position in positions]
        self.cells = {}
        for number, (x, y) in enumerate(self.positions):
            self.cells.setdefault((int(x // self.CELL), int(y // self.CELL)), []).append(number)

    @staticmethod
    def plane(position):
        """Metres east and north, good enough from Shetland to Galloway."""
        latitude, longitude = position
        return metres((57.5, 0), (57.5, longitude)) * (1 if longitude > 0 else -1), metres((0, 0), (latitude, 0))

    def to(self, position, most):
        """The number of the nearest, the first of equals; None beyond `most` metres."""
        x, y = self.plane(position)
        column, row = int(x // self.CELL), int(y // self.CELL)
        best = None
        for ring in range(int(most // self.CELL) + 2):
            if best and best[0] <= (ring - 1) * self.CELL:
                break
            for other in range(column - ring, column + ring + 1):
                on_edge = abs(other - column) == ring
                for line in range(row - ring, row + ring + 1) if on_edge else (row - ring, row + ring):
                    for number in self.cells.get((other, line), ()):
                        there = self.positions[number]
                        candidate = math.hypot(there[0] - x, there[1] - y), number
                        if best is None or candidate < best:
                            best = candidate
        return best[1] if best and best[0] <= most else None


def shares(places, units):
    """How many postcodes each place (type, position) has: those to which it is
    the nearest place; of a town or city, the nearest town or city. Beyond 5 km
    a postcode is no place's."""
    shared = Counter()
    big = [number for number, (kind, _) in enumerate(places) if kind in ("city", "town")]
    every = list(range(len(places)))
    for numbers, counted in ((big, set(big)), (every, set(every) - set(big))):
        nearest = Nearest([places[number][1] for number in numbers])
        for unit in units:
            found = nearest.to(unit, 5_000)
            if found is not None and numbers[found] in counted:
                shared[numbers[found]] += 1
    return shared


def make_places(sources, output, council_code):
    types = {
        "City": "city", "Town": "town", "Village": "village",
        "Suburban Area": "suburb", "Hamlet": "hamlet", "Other Settlement": "other",
    }
    published = rows(sources / "places_scotland_2019.csv")
    position = lambda row: (float(row["latitude"]), float(row["longitude"]))
    units = [position(unit) for unit in rows(sources / "postcodes_scotland_2020-08.csv.gz")]
    postcodes = shares([(types[row["type"]], position(row)) for row in published], units)
    lines = []
    for number, row in enumerate(published):
        first = row["name"], LANGUAGES[row["name_lang"]]
        second = row["name2"], LANGUAGES[row["name2_lang"]]
        # The English name goes first, where there is one.
        if first[1] != "en" and second[1] == "en":
            first, second = second, first
        lines.append((
            row["os_id"], types[row["type"]], *first, *second,
            row["latitude"], row["longitude"], row["postcode_district"], council_code(row["council_name"]),
            "", postcodes[number],
        ))
    heading = (
        "id", "type", "name", "language", "other_name", "other_language",
        "latitude", "longitude", "district", "council", "extent", "postcodes",
    )
    write(output / "places.tsv", heading, sorted(lines))


def within(position, shape):
    """Whether a position (latitude, longitude) lies in the shape."""
    latitude, longitude = position
    odd = False
    for polygon in shape:
        for ring in polygon:
            for (ax, ay), (bx, by) in zip(ring, ring[1:]):
                if (ay > latitude) != (by > latitude):
                    odd ^= longitude < (bx - ax) * (latitude - ay) / (by - ay) + ax
    return odd


def box(shape):
    """South, west, north, east."""
    corners = [corner for polygon in shape for corner in polygon[0]]
    longitudes, latitudes = zip(*corners)
    return min(latitudes), min(longitudes), max(latitudes), max(longitudes)


def median(values):
    return sorted(values)[len(values) // 2]


class Land:
    """Outlines of the wards, and the pieces of land that they make together."""

    def __init__(self, sources):
        read = json.loads((sources / "wards_100m.geojson").read_text(encoding="utf-8"))["features"]
        self.wards, self.wards_of = {}, {}
        for feature in read:
            properties = feature["properties"]
            shape = polygons(feature["geometry"])
            self.wards[properties["council"], properties["name"]] = shape
            self.wards_of.setdefault(properties["council"], []).append((properties["code"], box(shape), shape))
        self.pieces = [[polygon] for polygon in dissolve(list(self.wards.values()))]
        self.positions = {
            row["os_id"]: (float(row["latitude"]), float(row["longitude"]))
            for row in rows(sources / "places_scotland_2019.csv")
        }

    def piece(self, place):
        """The piece of land on which a place lies."""
        return next(piece for piece in self.pieces if within(self.positions[place], piece))

    def ward_at(self, council, position):
        """The code of the ward of a council that holds a position."""
        for code, (south, west, north, east), shape in self.wards_of.get(council, ()):
            if south <= position[0] <= north and west <= position[1] <= east and within(position, shape):
                return code

    def council(self, code):
        return [shape for (council, _), shape in self.wards.items() if council == code]

    def of(self, region):
        """The shapes that a region is made of; a position in any of them is in it."""
        shapes = [self.piece(place) for place in region.get("land", ())]
        shapes += [self.wards[council, ward] for council, wards in region.get("wards", {}).items() for ward in wards]
        return shapes + [shape for code in region.get("councils", ()) for shape in self.council(code)]


def make_regions(sources, output):
    """regions.tsv: islands, and regions that are no areas with a code."""
    land = Land(sources)
    units = [
        (float(unit["latitude"]), float(unit["longitude"]), unit["postcode"].replace(" ", "")[:-3], unit["council"])
        for unit in rows(sources / "postcodes_scotland_2020-08.csv.gz")
    ]
    lines = []
    for slug, region in regions.REGIONS.items():
        shapes = land.of(region)
        shore = land.piece(region["on"]) if "on" in region else None
        without = [land.wards[pair] for pair in region.get("without", ())]
        boxes = [(box(shape), shape) for shape in shapes]
        inside_any = lambda position: any(
            south <= position[0] <= north and west <= position[1] <= east and within(position, shape)
            for (south, west, north, east), shape in boxes
        ) and (shore is None or within(position, shore)) and not any(within(position, shape) for shape in without)
        members = [unit for unit in units if inside_any(unit[:2])]
        if not members:
            sys.exit(f"{slug} has no postcode")
        latitude, longitude = (median([unit[at] for unit in members]) for at in (0, 1))
        south, west, north, east = (
            reach(edge[at] for edge, _ in boxes) for at, reach in enumerate((min, min, max, max))
        )
        if shore or without:
            # The outline is cut: its postcodes tell more of it than its box.
            south, west = (min(unit[at] for unit in members) for at in (0, 1))
            north, east = (max(unit[at] for unit in members) for at in (0, 1))
        district = Counter(unit[2] for unit in members).most_common(1)[0][0]
        areas = [code for code, _ in Counter(unit[3] for unit in members).most_common() if code]
        wards = Counter(land.ward_at(unit[3], unit[:2]) for unit in members)
        # One or two postcodes over a border make no part of it.
        least = min(3, len(members))
        areas += sorted(code for code, count in wards.items() if code and count >= least)
        lines.append((
            slug, region["type"], region["name"],
            "|".join(f"{language}:{name}" for language, name in region.get("names", ())),
            f"{latitude:.5f}", f"{longitude:.5f}",
            *(f"{edge:.4f}" for edge in (south, west, north, east)),
            district, "|".join(areas), len(members),
        ))
    heading = (
        "id", "type", "name", "other_names", "latitude", "longitude",
        "south", "west", "north", "east", "district", "areas", "postcodes",
    )
    write(output / "regions.tsv", heading, sorted(lines))


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sources = Path(sys.argv[1])
    output = Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).parent
    council_code = make_areas(sources, output)
    make_postcodes(sources, output)
    make_places(sources, output, council_code)
    make_regions(sources, output)


if __name__ == "__main__":
    main()
