"""Islands and regions by the names that people say, and what each is made of.

`land` is the piece of land on which a place of OS Open Names lies (its
identifier; the comment names it); `wards` and `councils` are whole wards and
councils; `on` keeps what lies on the piece of land of a place; `without`
takes wards out. An island that a causeway joins to a bigger one is not told
from it, and so is not here. make.py works out the position, box and radius.

Gaelic names were written from memory, not checked against a source; a native
reader is wanted.
"""

ARGYLL_AND_BUTE, HIGHLAND, SIAR = "S12000035", "S12000017", "S12000013"
DUMFRIES_AND_GALLOWAY, BORDERS, ABERDEENSHIRE = "S12000006", "S12000026", "S12000034"
PERTH_AND_KINROSS = "S12000048"
FIFE, MORAY, SOUTH_LANARKSHIRE, STIRLING = "S12000047", "S12000020", "S12000029", "S12000030"

ISLANDS = [
    # name, a place on it, Gaelic names, other English names
    ("Skye", "osgb4000000074543360", ["An t-Eilean Sgitheanach"], ["Isle of Skye"]),  # Portree
    ("Raasay", "osgb4000000074573716", ["Ratharsair"], ["Isle of Raasay"]),  # Inverarish
    ("Eigg", "osgb4000000074552342", ["Eige"], ["Isle of Eigg"]),  # Galmisdale
    ("Rum", "osgb4000000074552344", ["Rùm"], ["Isle of Rum"]),  # Kinloch
    ("Muck", "osgb4000000074552341", ["Eilean nam Muc"], ["Isle of Muck"]),  # Port Mòr
    ("Canna", "osgb4000000074549433", ["Canaigh"], ["Isle of Canna"]),  # A' Chill
    ("Coll", "osgb4000000074551970", ["Cola"], ["Isle of Coll"]),  # Arinagour
    ("Tiree", "osgb4000000074553860", ["Tiriodh"], ["Isle of Tiree"]),  # Scarinish
    ("Mull", "osgb4000000074548590", ["Muile", "An t-Eilean Muileach"], ["Isle of Mull"]),  # Tobermory
    ("Iona", "osgb4000000074553110", ["Ì Chaluim Chille"], ["Isle of Iona"]),  # Baile Mòr
    ("Lismore", "osgb4000000074551968", ["Lios Mòr"], ["Isle of Lismore"]),  # Achnacroish
    ("Seil", "osgb4000000074550472", ["Saoil"], ["Isle of Seil"]),  # Balvicar
    ("Luing", "osgb4000000074550848", ["Luinn"], ["Isle of Luing"]),  # Cullipool
    ("Jura", "osgb4000000074553465", ["Diùra"], ["Isle of Jura"]),  # Craighouse
    ("Islay", "osgb4000000074542721", ["Ìle"], ["Isle of Islay"]),  # Bowmore
    ("Colonsay", "osgb4000000074549733", ["Colbhasa"], ["Isle of Colonsay"]),  # Scalasaig
    ("Gigha", "osgb4000000074551960", ["Giogha"], ["Isle of Gigha"]),  # Ardminish
    ("Arran", "osgb4000000074572135", ["Arainn"], ["Isle of Arran"]),  # Brodick
    ("Bute", "osgb4000000074551476", ["Eilean Bhòid", "Bòd"], ["Isle of Bute"]),  # Rothesay
    ("Great Cumbrae", "osgb4000000074550358", ["Cumaradh Mòr"], ["Cumbrae", "Isle of Cumbrae"]),  # Millport
    ("Great Bernera", "osgb4000000074542757", ["Beàrnaraigh"], ["Bernera"]),  # Breaclete
    ("North Uist", "osgb4000000074542539", ["Uibhist a Tuath"], ["Isle of North Uist"]),  # Lochmaddy
    ("Benbecula", "osgb4000000074343318", ["Beinn na Faoghla"], ["Isle of Benbecula"]),  # Balivanich
    ("South Uist", "osgb4000000074337732", ["Uibhist a Deas"], ["Isle of South Uist"]),  # Lochboisdale
    ("Grimsay", "osgb4000000074563868", ["Griomasaigh"], []),  # Kallin
    ("Eriskay", "osgb4000000074543496", ["Èirisgeigh"], ["Isle of Eriskay"]),  # Balla
    ("Barra", "osgb4000000074335152", ["Barraigh", "Eilean Bharraigh"], ["Isle of Barra"]),  # Castlebay
    ("Hoy", "osgb4000000074569624", [], []),  # Lyness
    ("Shapinsay", "osgb4000000074558365", [], []),  # Balfour
    ("Stronsay", "osgb4000000074556871", [], []),  # Whitehall Village
    ("Sanday", "osgb4000000074557237", [], []),  # Kettletoft
    ("Westray", "osgb4000000074554644", [], []),  # Pierowall
    ("Eday", "osgb4000000074577928", [], []),  # Backaland
    ("Rousay", "osgb4000000074554270", [], []),  # Brinian
    ("North Ronaldsay", "osgb4000000074555003", [], []),  # Hollandstoun
    ("Yell", "osgb4000000074559859", [], []),  # Mid Yell
    ("Unst", "osgb4000000074579329", [], []),  # Baltasound
    ("Fetlar", "osgb4000000074566358", [], []),  # Houbie
    ("Whalsay", "osgb4000000074558754", [], []),  # Symbister
    ("Bressay", "osgb4000000074555008", [], []),  # Gunnista
    ("West Burra", "osgb4000000074557243", [], ["Burra"]),  # Hamnavoe
    ("Papa Stour", "osgb4000000074335869", [], []),  # Biggings
    ("Foula", "osgb4000000074544988", [], []),  # Da Hametoon
]

INNER_HEBRIDES = [place for _, place, _, _ in ISLANDS[:17]]
STORNOWAY = "osgb4000000074577797"
TARBERT_IN_HARRIS, TARBERT_IN_KINTYRE = "osgb4000000074543463", "osgb4000000074553102"
HARRIS = (SIAR, "Na Hearadh")


def slug(name):
    return name.lower().replace(" ", "-")


def island(name, gaelic=(), english=(), **made_of):
    return name, {"type": "island", "name": name, "names": [("en", it) for it in english] + [("gd", it) for it in gaelic], **made_of}


def region(name, gaelic=(), english=(), **made_of):
    return name, {**island(name, gaelic, english, **made_of)[1], "type": "region"}


KINTYRE = {ARGYLL_AND_BUTE: ["South Kintyre", "Kintyre and the Islands"]}

REGIONS = {
    slug(name): made_of
    for name, made_of in [
        *(island(name, gaelic, english, land=[place]) for name, place, gaelic, english in ISLANDS),
        # One piece of land, two names: the ward of Harris parts it.
        island("Lewis", ["Leòdhas", "Eilean Leòdhais"], ["Isle of Lewis"], land=[STORNOWAY], without=[HARRIS]),
        island("Harris", ["Na Hearadh"], ["Isle of Harris"], wards={SIAR: ["Na Hearadh"]}, on=TARBERT_IN_HARRIS),
        region("Lewis and Harris", ["Leòdhas agus na Hearadh"], land=[STORNOWAY]),
        region("Uist", ["Uibhist"], ["Uists"], land=["osgb4000000074542539", "osgb4000000074343318", "osgb4000000074337732"]),
        region("Small Isles", ["Na h-Eileanan Tarsainn"], land=[place for _, place, _, _ in ISLANDS[2:6]]),
        region("Inner Hebrides", ["Na h-Eileanan a-staigh"], land=INNER_HEBRIDES),
        region("Hebrides", ["Innse Gall"], land=INNER_HEBRIDES, councils=[SIAR]),
        region("Argyll", ["Earra-Ghàidheal"], wards={ARGYLL_AND_BUTE: [
            "South Kintyre", "Kintyre and the Islands", "Mid Argyll", "Oban South and the Isles",
            "Oban North and Lorn", "Cowal", "Dunoon",
        ]}),
        region("Kintyre", ["Cinn Tìre"], wards=KINTYRE, on=TARBERT_IN_KINTYRE),
        region("Wester Ross", ["Ros an Iar"], wards={HIGHLAND: ["Wester Ross, Strathpeffer and Lochalsh"]}),
        region("Lochaber", ["Loch Abar"], wards={HIGHLAND: ["Caol and Mallaig", "Fort William and Ardnamurchan"]}),
        region("Caithness", ["Gallaibh"], wards={HIGHLAND: ["Thurso and Northwest Caithness", "Wick and East Caithness"]}),
        region("Sutherland", ["Cataibh"], wards={HIGHLAND: ["North, West and Central Sutherland", "East Sutherland and Edderton"]}),
        region("Easter Ross", ["Ros an Ear"], wards={HIGHLAND: ["Tain and Easter Ross", "Cromarty Firth"]}),
        region("Ross-shire", ["Siorrachd Rois"], ["Ross", "Ross and Cromarty"], wards={HIGHLAND: [
            "Wester Ross, Strathpeffer and Lochalsh", "Cromarty Firth", "Tain and Easter Ross",
            "Dingwall and Seaforth", "Black Isle",
        ]}),
        region("Galloway", ["Gall-Ghàidhealaibh"], wards={DUMFRIES_AND_GALLOWAY: [
            "Stranraer and the Rhins", "Mid Galloway and Wigtown West", "Dee and Glenkens", "Castle Douglas and Crocketford",
        ]}),
        region("Wigtownshire", wards={DUMFRIES_AND_GALLOWAY: ["Stranraer and the Rhins", "Mid Galloway and Wigtown West"]}),
        region("Stewartry", english=["Kirkcudbrightshire"], wards={DUMFRIES_AND_GALLOWAY: ["Dee and Glenkens", "Castle Douglas and Crocketford"]}),
        region("Dumfriesshire", ["Siorrachd Dhùn Phrìs"], wards={DUMFRIES_AND_GALLOWAY: [
            "North West Dumfries", "Mid and Upper Nithsdale", "Lochar", "Nith",
            "Annandale South", "Annandale North", "Annandale East and Eskdale",
        ]}),
        region("Annandale", english=["Annandale and Eskdale"], wards={DUMFRIES_AND_GALLOWAY: [
            "Annandale South", "Annandale North", "Annandale East and Eskdale",
        ]}),
        region("Ayrshire", ["Siorrachd Inbhir Àir"], councils=["S12000008", "S12000021", "S12000028"]),
        region("Dunbartonshire", ["Siorrachd Dhùn Breatann"], councils=["S12000039", "S12000045"]),
        region("Lothians", ["Lodainn"], councils=["S12000010", "S12000019", "S12000036", "S12000040"]),
        region("Perthshire", ["Siorrachd Pheairt"], councils=[PERTH_AND_KINROSS], without=[(PERTH_AND_KINROSS, "Kinross-shire")]),
        region("Strathclyde", ["Srath Chluaidh"], councils=[  # the region of 1975 to 1996
            ARGYLL_AND_BUTE, "S12000008", "S12000011", "S12000018", "S12000021", "S12000028",
            "S12000029", "S12000038", "S12000039", "S12000045", "S12000049", "S12000050",
        ]),
        region("Clydesdale", wards={SOUTH_LANARKSHIRE: [
            "Clydesdale West", "Clydesdale North", "Clydesdale East", "Clydesdale South",
        ]}),
        region("Trossachs", ["Na Tròiseachan"], wards={STIRLING: ["Trossachs and Teith"]}),
        region("East Neuk", english=["East Neuk of Fife"], wards={FIFE: ["East Neuk and Landward"]}),
        region("Berwickshire", wards={BORDERS: ["Mid Berwickshire", "East Berwickshire"]}),
        region("Roxburghshire", wards={BORDERS: [
            "Kelso and District", "Jedburgh and District", "Hawick and Denholm", "Hawick and Hermitage",
        ]}),
        region("Tweeddale", english=["Peeblesshire"], wards={BORDERS: ["Tweeddale West", "Tweeddale East"]}),
        region("Banff and Buchan", wards={ABERDEENSHIRE: ["Banff and District", "Troup", "Fraserburgh and District"]}),
        region("Buchan", ["Bùchan"], wards={ABERDEENSHIRE: [
            "Central Buchan", "Peterhead North and Rattray", "Peterhead South and Cruden",
        ]}),
        region("Formartine", wards={ABERDEENSHIRE: ["Turriff and District", "Mid Formartine", "Ellon and District"]}),
        region("Garioch", ["Gairbheach"], wards={ABERDEENSHIRE: [
            "West Garioch", "Inverurie and District", "East Garioch", "Westhill and District",
        ]}),
        region("Marr", ["Màrr"], wards={ABERDEENSHIRE: [
            "Huntly, Strathbogie and Howe of Alford", "Aboyne, Upper Deeside and Donside", "Banchory and Mid Deeside",
        ]}),
        region("Deeside", english=["Royal Deeside"], wards={
            ABERDEENSHIRE: ["Aboyne, Upper Deeside and Donside", "Banchory and Mid Deeside"],
            "S12000033": ["Lower Deeside"],
        }),
        region("Speyside", wards={MORAY: ["Speyside Glenlivet"]}),
        region("Badenoch and Strathspey", ["Bàideanach agus Srath Spè", "Bàideanach"], ["Badenoch", "Strathspey"], wards={HIGHLAND: ["Badenoch and Strathspey"]}),
        region("Kincardine and Mearns", english=["Kincardineshire"], wards={ABERDEENSHIRE: [
            "North Kincardine", "Stonehaven and Lower Deeside", "Mearns",
        ]}),
    ]
}
