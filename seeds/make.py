"""Makes the seeds which come from published lists, again and byte for byte.

    python3 seeds/make.py FOLDER

FOLDER holds the data as published, in `assets/` and `gazetteer/`; README.md
says where they come from. Written beside this file: library-services.json,
libraries.json, mobile-library-stops.json and hospitals.json. What the script
cannot use is told on standard error. Only the standard library is needed.

What is put right by hand stands in the tables of corrections.py, with its
reason; nothing is put right anywhere else.
"""

import csv
import datetime
import gzip
import json
import math
import pathlib
import re
import sys
import unicodedata

sys.dont_write_bytecode = True

import corrections

OGL = "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
CREDIT_POSITIONS = (
    "Positions from postcodes: contains OS data © Crown copyright and database right 2020, "
    "Royal Mail data © Royal Mail copyright and database right 2020, and National Statistics data."
)
LIBRARIES_HACKED = {
    "id": "libraries-hacked", "type": "source", "name": "Public libraries of Scotland, Libraries Hacked",
    "attribution": "Library lists of the councils, gathered by Libraries Hacked. " + CREDIT_POSITIONS,
    "url": "https://www.librarieshacked.org/", "mediaType": "text/csv",
    "note": "Published as open data; no licence is named for the list. Some of it is older than 2020: libraries may have moved or closed since.",
}
MOBILE_LIBRARIES = {
    "id": "libraries-hacked-mobiles", "type": "source", "name": "Mobile library stops of Scotland, Libraries Hacked",
    "licence": "https://spdx.org/licenses/MIT",
    "attribution": "Mobile library timetables of the councils, gathered by Libraries Hacked.",
    "url": "https://github.com/LibrariesHacked/mobilelibraries-data", "mediaType": "text/csv",
    "note": "Timetables of 2019 and 2020.",
}
HOSPITALS = {
    "id": "public-health-scotland-hospitals", "type": "source", "name": "Hospitals of Scotland, Public Health Scotland",
    "licence": OGL,
    "attribution": "Contains information from Public Health Scotland licensed under the Open Government Licence v3.0.",
    "url": "https://www.opendata.nhs.scot/", "mediaType": "application/geo+json", "published": "2024",
}
DAYS = {"Monday": "MO", "Tuesday": "TU", "Wednesday": "WE", "Thursday": "TH", "Friday": "FR", "Saturday": "SA", "Sunday": "SU"}
STREET = re.compile(r"^\d|\b(Road|Street|St|Avenue|Lane|Drive|Place|Square|Terrace|Crescent|Way|Gardens|Rise|Centre|Campus|Hall)\b", re.I)


# ── Small tools ───────────────────────────────────────────────────────────────

def tell(file, what):
    """Says on standard error what was done with a row that is not right."""
    print(f"{file}: {what}", file=sys.stderr)


def tidy(text):
    """Text without doubled or trailing spaces, commas and stops."""
    return re.sub(r"\s+", " ", text or "").strip(" ,")


def slug(text):
    """A key of small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "")).strip("-")


def kilometres(a, b):
    """The distance of two (latitude, longitude) pairs, flat: right to 1 % over short ways."""
    east = (a[1] - b[1]) * math.cos(math.radians((a[0] + b[0]) / 2))
    return 111.2 * math.hypot(a[0] - b[0], east)


def cell(point):
    """The square of a tenth of a degree in which a point lies."""
    return math.floor(point[0] * 10), math.floor(point[1] * 10)


def rounded(latitude, longitude):
    """A position cut to five places, about a metre."""
    return round(float(latitude), 5), round(float(longitude), 5)


def with_unique_ids(records):
    """The records in the order of their ids; a shared id gets the town or council behind it."""
    for suffix in ("locality", "region", "streetAddress"):
        count = {}
        for record in records:
            count[record["id"]] = count.get(record["id"], 0) + 1
        for record in records:
            place = record["locations"][0].get(suffix, "")
            if count[record["id"]] > 1 and place and not record["id"].endswith(slug(place)):
                record["id"] += "-" + slug(place)
    ids = [record["id"] for record in records]
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
    return sorted(records, key=lambda record: record["id"])


def write(name, source, records):
    """Writes one seed file, one record to a line."""
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    text = '{"source": ' + json.dumps(source, ensure_ascii=False) + ',\n"records": [\n' + lines + "\n]}\n"
    (pathlib.Path(__file__).parent / name).write_text(text, encoding="utf-8")
    tell(name, f"{len(records)} records")


class Gazetteer:
    """Postcodes, sectors, places and councils, as published."""

    def __init__(self, folder):
        with gzip.open(folder / "postcodes_scotland_2020-08.csv.gz", "rt", encoding="utf-8") as file:
            self.postcodes = {row["postcode"].replace(" ", ""): row for row in csv.DictReader(file)}
        self.cells = {}
        for row in self.postcodes.values():
            point = (float(row["latitude"]), float(row["longitude"]))
            self.cells.setdefault(cell(point), []).append((point, row["council"]))
        self.sectors = {row["sec"]: row for row in rows(folder / "postcode_sectors.csv")}
        names = (folder / "area_names.csv").read_text(encoding="utf-8").splitlines()
        self.councils = {row[0]: row[1] for row in csv.reader(names)}
        self.places = {}
        for row in rows(folder / "places_scotland_2019.csv"):
            point = (float(row["latitude"]), float(row["longitude"]))
            for name in filter(None, (row["name"], row["name2"])):
                self.places.setdefault(slug(name), []).append((point, row["type"], name, row["council_name"]))

    def unit(self, postcode):
        """The row of a postcode, however it is spaced, or none."""
        return self.postcodes.get(postcode.replace(" ", ""))

    def council_at(self, point):
        """The name of the council that the nearest postcode lies in."""
        north, east = cell(point)
        near = [unit for n in (-1, 0, 1) for e in (-1, 0, 1) for unit in self.cells.get((north + n, east + e), [])]
        return self.councils[min(near, key=lambda unit: kilometres(unit[0], point))[1]]

    def unit_or_sector(self, postcode, point):
        """The row of a postcode near `point`; of its sector where it is younger than the file; or none."""
        unit, limit = self.unit(postcode), 3
        if not unit and postcode[:-2] in self.sectors:
            sector = self.sectors[postcode[:-2]]
            unit, limit = {"latitude": sector["lat"], "longitude": sector["lon"], "council": sector["council"]}, 10
        return unit if unit and kilometres((float(unit["latitude"]), float(unit["longitude"])), point) < limit else None

    def is_near(self, name, point, limit):
        """Whether a place of that name lies within `limit` kilometres."""
        return any(kilometres(point, place[0]) < limit for place in self.places.get(slug(name), []))

    def town(self, name, point):
        """The town that an address lies in: one that its name begins with, or the nearest."""
        words = slug(name).split("-")
        for length in range(len(words), 0, -1):
            for place in self.places.get("-".join(words[:length]), []):
                if kilometres(point, place[0]) < 6 and place[1] != "Suburban Area":
                    return place[2]
        settled = (p for ps in self.places.values() for p in ps if p[1] in ("City", "Town", "Village"))
        nearest = min(settled, key=lambda place: (kilometres(point, place[0]), place[2]))
        return nearest[2] if kilometres(point, nearest[0]) < 1.5 else None


def rows(path):
    """The rows of a CSV file with a header."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ── Library services ──────────────────────────────────────────────────────────

def library_services(gazetteer):
    """One organisation for each council's library service."""
    records = []
    for council, (key, name, sector, url) in corrections.SERVICES.items():
        area = gazetteer.councils[council]
        records.append({
            "type": "organisation", "id": key, "name": name,
            "summary": f"Runs the public libraries of {area}.",
            "sector": sector, "topics": ["library"], "url": url, "areaServed": [council],
        })
    return sorted(records, key=lambda record: record["id"])


# ── Libraries ─────────────────────────────────────────────────────────────────

def libraries(folder, gazetteer):
    """One asset for each public library."""
    records = []
    for row in rows(folder / "libraries_scotland.csv"):
        published = tidy(row["Library name"])
        row.update(corrections.LIBRARIES.get((published, row["Postcode"].strip()), {}))
        if row.get("same_as"):
            tell("libraries.json", f"{published}: the same as {row['same_as']}")
            continue
        records.append(library(published, row, gazetteer))
    return with_unique_ids(records)


def library(published, row, gazetteer):
    """The asset of one row of the list."""
    name = tidy(row.get("name") or published)
    postcode = row["Postcode"].strip().upper()
    position, source, council = library_position(published, row, postcode, gazetteer)
    street, town = library_address(name, row, position, council, gazetteer)
    location = {"streetAddress": street, "locality": town, "region": gazetteer.councils[council],
                "postcode": postcode, "country": "GB", "latitude": position[0], "longitude": position[1],
                "positionFrom": source}
    where = town or gazetteer.councils[council]
    record = {
        "type": "asset", "id": slug(name), "name": name, "alternateName": row.get("alternateName"),
        "summary": row.get("summary") or f"Public library in {where}. Borrow books, read, study and use a computer.",
        "assetType": "library-venue", "status": row.get("status"), "provider": corrections.SERVICES[council][0],
        "topics": ["library", "reading", "digital-access", "lifelong-learning"],
        "locations": [{key: value for key, value in location.items() if value}],
        "areaServed": [council] if source != "postcode" else None,
        "online": False, "accessMode": "in-person", "cost": {"free": True}, "note": row.get("note"),
    }
    url = tidy(row["URL"])
    if url:
        record["email" if "@" in url else "url"] = url
    return {key: value for key, value in record.items() if value is not None}


def library_position(published, row, postcode, gazetteer):
    """Position, how it is known, and council."""
    unit = gazetteer.unit(postcode)
    if unit:
        return rounded(unit["latitude"], unit["longitude"]), "postcode", unit["council"]
    if row.get("place"):
        name, council = row["place"]
        area = gazetteer.councils[council]
        point = next(place[0] for place in gazetteer.places[slug(name)] if place[3] == area)
        tell("libraries.json", f"{published}: no postcode, placed at {name}")
        return rounded(*point), "place", council
    sector = gazetteer.sectors[postcode[:-2]]
    tell("libraries.json", f"{published}: {postcode} is not in the file, placed in its sector")
    return rounded(sector["lat"], sector["lon"]), "sector", sector["council"]


def library_address(name, row, position, council, gazetteer):
    """Street and town, from three columns in which either may stand anywhere."""
    lines = [tidy(row[key]) for key in ("Address 1", "Address 2", "Address 3")]
    lines = [line for line in lines if line and line != row["Postcode"].strip()]
    town = row.get("town")
    if not town and lines and (lines[-1] in corrections.TOWNS or gazetteer.is_near(lines[-1], position, 25)):
        town = lines.pop()
    if not town:
        town = corrections.CITIES.get(council) or gazetteer.town(name, position)
    street = ", ".join(line for line in lines if line not in (town, name))
    return street, corrections.TOWNS.get(town, town)


# ── Mobile library stops ──────────────────────────────────────────────────────

def mobile_library_stops(folder, gazetteer):
    """One asset for each place where a library van stops, with a schedule for each visit."""
    stops = {}
    for path in sorted(folder.glob("mobile_library_stops_*.csv")):
        for row in rows(path):
            council = corrections.MOBILE[row["organisation"]]
            point = corrections.MOBILE_POSITIONS.get((row["address"], row["day"])) or rounded(row["geoy"], row["geox"])
            stop, community = tidy(row["stop"]), tidy(re.sub(r" Area$", "", tidy(row["community"])))
            if row["organisation"] == "Perth and Kinross":
                stop, community = community, stop
            stop, community = (re.sub(r"\bPs\b", "Primary School", text) for text in (stop, community))
            parts = [stop] if community in ("", stop) or stop.endswith(", " + community) else [stop, community]
            # The same place has one name and lies within half a kilometre.
            same = [key for key in stops if key[:2] == (council, ", ".join(parts).lower()) and kilometres(key[2], point) < 0.5]
            key = same[0] if same else (council, ", ".join(parts).lower(), point)
            stops.setdefault(key, []).append((parts, row))
    records = [mobile_library_stop(key, visits, gazetteer) for key, visits in stops.items()]
    tell("mobile-library-stops.json", f"{sum(map(len, stops.values()))} visits at {len(stops)} places")
    return with_unique_ids(records)


def mobile_library_stop(key, visits, gazetteer):
    """The asset of one place."""
    council, _, point = key
    parts = visits[0][0]
    town = next((part for part in reversed(parts) if gazetteer.is_near(part, point, 8)), None)
    street = ", ".join(part for part in parts if part != town)
    location = {"streetAddress": street, "locality": town, "region": gazetteer.council_at(point), "country": "GB",
                "latitude": point[0], "longitude": point[1], "positionFrom": "published"}
    visits = sorted((row for _, row in visits), key=lambda row: (list(DAYS).index(row["day"]), row["start"], row["arrival"].zfill(5)))
    schedules = [schedule(row) for row in visits]
    name = ", ".join(parts)
    summary = f"The mobile library stops at {name}: {'; '.join(visiting_times(visits))}."
    if len(summary) > 200:
        summary = f"The mobile library stops at {name} on {len(visits)} days in two weeks."
    since = min(row["start"] for row in visits)
    return {
        "type": "asset", "id": "mobile-library-" + slug(name), "name": f"Mobile library stop: {name}", "summary": summary,
        "assetType": "mobile-library-stop", "provider": corrections.SERVICES[council][0], "topics": ["library", "reading"],
        "locations": [{key: value for key, value in location.items() if value}],
        "online": False, "accessMode": "in-person", "schedule": schedules, "cost": {"free": True},
        "url": tidy(visits[0]["timetable"]),
        "note": f"From the timetable of {since[:4]}; ask the library whether it still holds.",
    }


def visiting_times(visits):
    """The times of the visits in words, each weekday once; every visit is fortnightly."""
    for day in DAYS:
        weeks = {}
        for row in visits:
            if row["day"] == day:
                week = datetime.date.fromisoformat(row["start"]).toordinal() // 7 % 2
                weeks.setdefault(week, []).append(f"{row['arrival'].zfill(5)} to {row['departure'].zfill(5)}")
        times = [" and ".join(week) for week in weeks.values()]
        if len(times) == 1:
            yield f"every second {day}, {times[0]}"
        elif times:
            yield f"every {day}, {times[0]}" if times[0] == times[1] else f"one {day}, {times[0]}; the next, {times[1]}"


def schedule(row):
    """One visit, repeated as the timetable says."""
    rule = dict(part.split("=") for part in row["frequency"].split(";"))
    assert rule["FREQ"] == "WEEKLY" and not row["end"] and not row["exceptions"], row
    if list(DAYS)[datetime.date.fromisoformat(row["start"]).weekday()] != row["day"]:
        tell("mobile-library-stops.json", f"{row['address']}: {row['start']} is not a {row['day']}")
    return {"byDay": [DAYS[row["day"]]], "startTime": row["arrival"].zfill(5) + ":00", "endTime": row["departure"].zfill(5) + ":00",
            "repeatFrequency": f"P{rule.get('INTERVAL', '1')}W", "rrule": row["frequency"], "startDate": row["start"]}


# ── Hospitals ─────────────────────────────────────────────────────────────────

def hospitals(folder, gazetteer):
    """One asset for each hospital, clinic and health centre of the NHS."""
    records = []
    for feature in json.loads((folder / "hospitals_scotland_2024.geojson").read_text(encoding="utf-8"))["features"]:
        facts = feature["properties"]
        longitude, latitude = feature["geometry"]["coordinates"]
        code = facts["scotland_hospital24_code"]
        facts["name"] = corrections.HOSPITAL_NAMES.get(code, facts["scotland_hospital24_name"])
        kind = hospital_kind(code, facts["name"])
        if kind is None:
            tell("hospitals.json", f"left out: {facts['name']}")
            continue
        records.append(hospital(kind, facts, rounded(latitude, longitude), gazetteer))
    return with_unique_ids(records)


def hospital_kind(code, name):
    """`hospital`, `health-centre`, or none for offices, stores and second entries of one site."""
    if code in corrections.NOT_HOSPITALS:
        return None
    if code.endswith("H") and re.search(r"(Resource|Health ?care|Dental|Community Care|Child Development) Centre|Health Village|CAMHS", name):
        return "health-centre"
    if code.endswith("H") or re.search(r"Hospital|Maternity", name):
        return "hospital"
    if re.search(r"Health|Clinic|Surgery|Medical|Dental|Nurse|Sandyford|(Resource|Integrated Care) Centre", name):
        return "health-centre"
    return None


def hospital(kind, facts, point, gazetteer):
    """The asset of one site."""
    name, address = tidy(facts["name"]), facts["address"]
    for wrong, right in corrections.HOSPITAL_SPELLING.items():
        name, address = name.replace(wrong, right), address.replace(wrong, right)
    parts = [part for part in map(tidy, address.split(",")) if part and part != name]
    while len(parts) > 1 and parts[-1] in corrections.COUNTIES:
        parts.pop()
    town = parts.pop() if parts and not STREET.search(parts[-1]) else None
    town = re.sub(r"^By ", "", town) if town else gazetteer.town(name, point)
    unit = gazetteer.unit_or_sector(facts["postcode"], point)
    postcode = facts["postcode"] if unit else None
    if not postcode:
        tell("hospitals.json", f"{name}: postcode {facts['postcode']} is left out, unknown or far from the position")
    board = facts["hb19_name"] if facts["hb19_code"].startswith("S08") else None
    location = {"streetAddress": ", ".join(parts), "locality": town, "region": gazetteer.council_at(point),
                "postcode": postcode, "country": "GB", "latitude": point[0], "longitude": point[1], "positionFrom": "published"}
    what = {"hospital": "NHS hospital", "health-centre": "NHS clinic or health centre"}[kind]
    if kind == "hospital" and not re.search(r"Hospital|Infirmary|Hospice|Maternity", name):
        what = "NHS hospital or hospital unit"
    record = {
        "type": "asset", "id": slug(name), "name": name,
        "summary": what + (f" in {town}" if town else "") + (f", NHS {board}." if board else "."),
        "assetType": kind, "topics": ["hospital-care" if kind == "hospital" else "doctors-and-clinics"],
        "locations": [{key: value for key, value in location.items() if value}],
        "areaServed": [facts["hb19_code"]] if board else None, "online": False, "accessMode": "in-person",
    }
    return {key: value for key, value in record.items() if value is not None}


def main():
    folder = pathlib.Path(sys.argv[1])
    gazetteer = Gazetteer(folder / "gazetteer")
    write("library-services.json", LIBRARIES_HACKED, library_services(gazetteer))
    write("libraries.json", LIBRARIES_HACKED, libraries(folder / "assets", gazetteer))
    write("mobile-library-stops.json", MOBILE_LIBRARIES, mobile_library_stops(folder / "assets", gazetteer))
    write("hospitals.json", HOSPITALS, hospitals(folder / "assets", gazetteer))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main()
