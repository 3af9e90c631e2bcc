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
from pathlib import Path

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
    "S12000013": [
        ("gd", "Na h-Eileanan an Iar"),
        ("gd", "Comhairle nan Eilean Siar"),
        ("en", "Western Isles"),
        ("en", "Outer Hebrides"),
    ],
    "S12000036": [("en", "Edinburgh")],
    "S12000049": [("en", "Glasgow")],
    "S12000033": [("en", "Aberdeen")],
    "S12000042": [("en", "Dundee")],
    "S12000023": [("en", "Orkney")],
    "S12000027": [("en", "Shetland")],
    "S12000026": [("en", "Borders")],
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
        if len(members) == 1:
            add(code, "integration-authority", name, SCOTLAND, boundary_of=members[0])
        else:
            add(code, "integration-authority", name, SCOTLAND, shape=dissolve([shapes[member] for member in members]))
    for feature in councils:
        code = feature["properties"]["code"]
        also = [authority_of[code], feature["properties"]["health_board"]]
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


def make_places(sources, output, council_code):
    types = {
        "City": "city", "Town": "town", "Village": "village",
        "Suburban Area": "suburb", "Hamlet": "hamlet", "Other Settlement": "other",
    }
    lines = []
    for row in rows(sources / "places_scotland_2019.csv"):
        first = row["name"], LANGUAGES[row["name_lang"]]
        second = row["name2"], LANGUAGES[row["name2_lang"]]
        # The English name goes first, where there is one.
        if first[1] != "en" and second[1] == "en":
            first, second = second, first
        lines.append((
            row["os_id"], types[row["type"]], *first, *second,
            row["latitude"], row["longitude"], row["postcode_district"], council_code(row["council_name"]),
        ))
    heading = ("id", "type", "name", "language", "other_name", "other_language", "latitude", "longitude", "district", "council")
    write(output / "places.tsv", heading, sorted(lines))


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sources = Path(sys.argv[1])
    output = Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).parent
    council_code = make_areas(sources, output)
    make_postcodes(sources, output)
    make_places(sources, output, council_code)


if __name__ == "__main__":
    main()
