"""What make.py puts right by hand, and why. Keys are as published."""

# The library service of each council: key, name, sector, and scheme and host of
# its libraries' pages. A council's own service is of the public sector; a culture
# or leisure trust with a host of its own is a charity, so of the third.
PUBLIC, THIRD = "public-sector", "third-sector"
SERVICES = {
    "S12000005": ("clackmannanshire-libraries", "Clackmannanshire Libraries", PUBLIC, "http://www.clacksweb.org.uk"),
    "S12000006": ("dumfries-and-galloway-libraries", "Dumfries and Galloway Libraries", PUBLIC, "http://www.dumgal.gov.uk"),
    "S12000008": ("east-ayrshire-leisure", "East Ayrshire Leisure", THIRD, "http://eastayrshireleisure.com"),
    "S12000010": ("east-lothian-libraries", "East Lothian Libraries", PUBLIC, "http://www.eastlothian.gov.uk"),
    "S12000011": ("east-renfrewshire-culture-and-leisure", "East Renfrewshire Culture and Leisure", THIRD, "http://www.ercultureandleisure.org"),
    "S12000013": ("western-isles-libraries", "Western Isles Libraries", PUBLIC, "http://www.cne-siar.gov.uk"),
    "S12000014": ("falkirk-libraries", "Falkirk Libraries", PUBLIC, "http://www.falkirkcommunitytrust.org"),
    "S12000017": ("high-life-highland", "High Life Highland", THIRD, "https://www.highlifehighland.com"),
    "S12000018": ("inverclyde-libraries", "Inverclyde Libraries", PUBLIC, "http://www.inverclyde.gov.uk"),
    "S12000019": ("midlothian-libraries", "Midlothian Libraries", PUBLIC, "https://www.midlothian.gov.uk"),
    "S12000020": ("moray-libraries", "Moray Libraries", PUBLIC, "http://www.moray.gov.uk"),
    "S12000021": ("north-ayrshire-libraries", "North Ayrshire Libraries", PUBLIC, "http://www.geo.north-ayrshire.gov.uk"),
    "S12000023": ("orkney-library-and-archive", "Orkney Library and Archive", PUBLIC, "http://www.orkneylibrary.org.uk"),
    "S12000026": ("live-borders", "Live Borders", THIRD, "http://www.liveborders.org.uk"),
    "S12000027": ("shetland-library", "Shetland Library", PUBLIC, "http://www.shetland-library.gov.uk"),
    "S12000028": ("south-ayrshire-libraries", "South Ayrshire Libraries", PUBLIC, "https://www.south-ayrshire.gov.uk"),
    "S12000029": ("south-lanarkshire-leisure-and-culture", "South Lanarkshire Leisure and Culture", THIRD, "http://www.slleisureandculture.co.uk"),
    "S12000030": ("stirling-libraries", "Stirling Libraries", PUBLIC, "http://my.stirling.gov.uk"),
    "S12000033": ("aberdeen-city-libraries", "Aberdeen City Libraries", PUBLIC, "http://www.aberdeencity.gov.uk"),
    "S12000034": ("aberdeenshire-libraries", "Aberdeenshire Libraries", PUBLIC, "https://www.aberdeenshire.gov.uk"),
    "S12000035": ("argyll-and-bute-libraries", "Argyll and Bute Libraries", PUBLIC, "https://www.argyll-bute.gov.uk"),
    "S12000036": ("city-of-edinburgh-libraries", "City of Edinburgh Libraries", PUBLIC, "https://www.edinburgh.gov.uk"),
    "S12000038": ("renfrewshire-libraries", "Renfrewshire Libraries", PUBLIC, "http://libcat.renfrewshire.gov.uk"),
    "S12000039": ("west-dunbartonshire-libraries", "West Dunbartonshire Libraries", PUBLIC, "http://www.west-dunbarton.gov.uk"),
    "S12000040": ("west-lothian-libraries", "West Lothian Libraries", PUBLIC, "https://www.westlothian.gov.uk"),
    "S12000041": ("angus-libraries", "Angus Libraries", PUBLIC, "http://www.angus.gov.uk"),
    "S12000042": ("leisure-and-culture-dundee", "Leisure and Culture Dundee", THIRD, "http://www.leisureandculturedundee.com"),
    "S12000045": ("east-dunbartonshire-leisure-and-culture", "East Dunbartonshire Leisure and Culture", THIRD, "http://www.edlc.co.uk"),
    "S12000047": ("onfife", "OnFife", THIRD, "http://onfife.com"),
    "S12000048": ("culture-perth-and-kinross", "Culture Perth and Kinross", THIRD, "http://www.culturepk.org.uk"),
    "S12000049": ("glasgow-life", "Glasgow Life", THIRD, "http://www.glasgowlife.org.uk"),
    "S12000050": ("north-lanarkshire-libraries", "North Lanarkshire Libraries", PUBLIC, "https://culturenl.co.uk"),
}

# The councils whose vans' stops are published.
MOBILE = {"Aberdeenshire": "S12000034", "Angus": "S12000041", "Midlothian": "S12000019", "Perth and Kinross": "S12000048"}

# A position eight kilometres from the place that is named, set to that of the
# other visit to the same place.
MOBILE_POSITIONS = {("St Madoes - Madoch Centre", "Saturday"): (56.37584, -3.29957)}

# Cities, whose name stands for the town where an address leaves it out.
CITIES = {"S12000033": "Aberdeen", "S12000036": "Edinburgh", "S12000042": "Dundee", "S12000049": "Glasgow"}

# What may stand in the town column though the gazetteer of populated places has
# no such name, and how to write it.
TOWNS = {
    "Aberlour": "Aberlour", "Anstruther": "Anstruther", "Cairnbulg": "Cairnbulg", "Gamrie": "Gamrie", "Helmsdale": "Helmsdale",
    "BettyHill": "Bettyhill", "Elgin": "Elgin", "Isle of Barra": "Isle of Barra", "Isle of Benbecula": "Isle of Benbecula",
    "Isle of Mull": "Isle of Mull", "Isle of Skye": "Isle of Skye", "Isle of Tiree": "Isle of Tiree",
    "Portlthen": "Portlethen", "St. Andrews": "St Andrews", "Unst": "Unst",
}

CLOSED = {"status": "ended", "note": "Closed by the council at the end of March 2023."}

# Rows of the library list, by name and postcode as published.
LIBRARIES = {
    # Letters doubled, dropped or in the wrong case, and names of places misspelt.
    ("Achilltibuie Library", "IV26 2YG"): {"name": "Achiltibuie Library", "Address 2": "Achiltibuie"},
    ("Ardersiere Library", "IV2 7SU"): {"name": "Ardersier Library", "Address 3": "", "town": "Ardersier"},
    ("Ballieston Library", "G69 6AA"): {"name": "Baillieston Library"},
    ("Bothwell Lilbrary", "G71 8RG"): {"name": "Bothwell Library"},
    ("Govanhill library", "G42 7JU"): {"name": "Govanhill Library"},
    ("Inverkip and Weymss Bay Library", "PA16 0FZ"): {"name": "Inverkip and Wemyss Bay Library"},
    ("Jenny Lee (Lochgelly) Library", "KY5 9RD"): {"name": "Jennie Lee Library, Lochgelly"},
    ("Maypole Library", "KA19 7AB"): {"name": "Maybole Library"},
    ("Methil Library", "KY8 3QR"): {"Address 1": ""},
    ("Peterhead Llibrary", "AB42 1QD"): {"name": "Peterhead Library"},
    ("Thornhill LIbrary", "DG3 5NW"): {"name": "Thornhill Library"},
    ("Whittfield Community Library", "DD4 0HU"): {"name": "Whitfield Community Library"},
    ("Wigtown, John McNellie Library", "DG8 9JH"): {"name": "John McNeillie Library, Wigtown"},
    ("Windmill LIbrary", "KY1 3AL"): {"name": "Windmill Library"},
    # Bytes of UTF-8 read as Windows-1252.
    ("South West Library", "PA16 9HG"): {"Address 1": "Barr’s Cottage"},
    # Without a town, in places that are a part of one.
    ("Almondbank Library", "EH54 5EH"): {"town": "Livingston"},
    ("Duloch Library", "KY11 8LW"): {"town": "Dunfermline"},
    ("Duntocher Library", "G81 6HF"): {"town": "Duntocher"},
    ("Faifley Library", "G81 5BS"): {"town": "Clydebank"},
    ("Fairhill Library", "ML3 8HJ"): {"town": "Hamilton"},
    ("Ferguslie Library", "PA3 1NT"): {"town": "Paisley"},
    ("Loch Leven Community Library", "KY13 8FQ"): {"town": "Kinross"},
    ("Burnbank Library", "ML3 0NA"): {"town": "Hamilton"},
    ("Netherlee Library", "G44 3PG"): {"town": "Netherlee"},
    ("North Inch Community Library", "PH1 5BF"): {"town": "Perth"},
    ("Pumpherston Library", "EH53 0LF"): {"town": "Pumpherston"},
    ("Ralston Library", "PA1 3BL"): {"town": "Paisley"},
    ("Raploch Express Library", "FK8 1SD"): {"town": "Stirling"},
    # A name that says nothing away from its town.
    ("Central Library", "PA15 1JB"): {"name": "Greenock Central Library"},
    # Columns mixed up.
    ("Elgin Library", "IV30 1HS"): {"Address 3": "Elgin"},
    ("Golspie Library", "KW10 6RF"): {"Address 3": "Golspie"},
    ("Monifieth Library", "DD5 4AE"): {"Address 3": "Monifieth"},
    ("Sighthill Library", "EH11 4PB"): {"Address 1": "Gate 55", "Address 2": "55 Sighthill Road"},
    ("South Queensferry Library", "EH30 9RD"): {"Address 2": "", "town": "South Queensferry"},
    # The address and page are those of another town's Charles Street.
    ("Charleston Community Library", "DD2 4NL"): {"Address 1": "60 Craigowan Road", "Address 3": "", "URL": ""},
    # Name and postcode say Mauchline; the street is that of a museum in Kilmarnock.
    ("Burns House Museum & Library", "KA5 5BZ"): {"Address 1": "", "Address 3": "Mauchline"},
    # The postcode is that of Airyhall Library, four kilometres away.
    ("Woodside Library", "AB15 7RF"): {"Postcode": "", "place": ("Woodside", "S12000033"), **CLOSED},
    # Two rows with one address or one page are one library.
    ("John Rodie Library", "KA6 5DZ"): {"same_as": "Mossblown Library"},
    ("Mossblown Library", "KA6 5DZ"): {
        "Address 3": "Mossblown", "alternateName": ["John Rodie Library"],
        "URL": "https://www.south-ayrshire.gov.uk/libraries/branches/mossblown-library.aspx"},
    ("Bellfield Library", "KA1 3RB"): {"same_as": "Whatriggs Community Library"},
    ("Whattriggs Community Library", "KA1 3RB"): {
        "name": "Whatriggs Community Library", "alternateName": ["Bellfield Library"], "Address 1": "Whatriggs Primary School"},
    # Not a branch where people borrow.
    ("Scottish Borders Library Headquarters", "TD7 5EW"): {"summary": "Headquarters of the library service of the Scottish Borders."},
    ("Local History Library", "EH49 7EQ"): {
        "name": "West Lothian Local History Library", "summary": "Library of local history in Linlithgow."},
    # Known to be shut: https://www.gaudie.co.uk, May 2023.
    ("Cornhill Library", "AB16 5UT"): CLOSED,
    ("Cults Library", "AB15 9SX"): CLOSED,
    ("Ferryhill Library", "AB11 6UP"): CLOSED,
    ("Kaimhill Library", "AB10 7HR"): CLOSED,
    ("Northfield Library", "AB16 7LL"): CLOSED,
}

# Entries of the hospital list which are no place of care for the public, or
# which name a site that another entry names too.
NOT_HOSPITALS = {
    "C122H": "equipment store", "D102H_1": "hotel", "D102H_2": "offices", "D102H_3": "offices",
    "G045A": "sterile services", "G067A": "sterile services", "X830A": "blood donors only", "S009A": "offices",
    "ZZ19023": "land", "ZZ19038": "houses", "ZZ19039": "part of V214H",
    "H224H": "the site of C110H", "T313H": "the site of T319H", "G515C": "the site of G565C",
}

# Names of hospitals with remarks that are not part of them.
HOSPITAL_NAMES = {
    "A109C": "Galston Clinic", "B103H": "Knoll Hospital", "B120H": "Borders General Hospital", "G306H": "New Victoria Hospital",
    "H226H": "Migdale Hospital", "S314H": "Royal Infirmary of Edinburgh", "ZZ26009": "Scalloway Health Centre",
    "ZZ19027": "Stirling Community Hospital", "ZZ19014": "Clackmannanshire Community Healthcare Centre",
    "G58H": "Gartnavel Royal Hospital, The Hub", "G54H": "Stobhill Ambulatory Care Hospital", "A013G": "Crosshouse Maternity Unit",
    "G205C": "Woodside Clinic, Callander Street", "G607H": "Woodlands Day Hospital", "C408C": "Ferguslie Clinic, Tannahill Centre",
    "W022B": "Berneray Nurses’ Clinic", "H300C": "Victoria Integrated Care Centre, Helensburgh",
}

# Misspellings in names and addresses of the hospital list.
HOSPITAL_SPELLING = {
    "Lothain": "Lothian", "Mofffat": "Moffat", "Aberdeed": "Aberdeen", "Inverlcyde": "Inverclyde", "Acadamy": "Academy",
    "Cresent": "Crescent", "Cannan Lane": "Canaan Lane", "Plucarden": "Pluscarden", "Fredrick": "Frederick",
    "Whyteman\ufffds": "Whyteman’s", "Whytemans": "Whyteman’s", "Accomodation": "Accommodation", "west Lothian": "West Lothian",
    "Bo'ness West Lothian": "Bo'ness", "Old Dalkeith, Road": "Old Dalkeith Road", "Edinburgh, Road, Linlithgow": "Edinburgh Road, Linlithgow",
    "Isle of Barra, Castlebay": "Castlebay", "Isle of Lewis, Stornoway": "Stornoway", "Isle of Arran, Lamlash": "Lamlash",
    "Isle of Arran, Lochranza": "Lochranza", "Kilchoan Acharacle": "Kilchoan", "Springfield By Cupar, By Cupar": "Springfield",
    "Rothesay, Bute, Bute": "Rothesay", "Rothesay, Isle of Bute": "Rothesay",
}

# What may stand last in an address behind the town.
COUNTIES = {"Argyll", "East Lothian", "Isle of Bute", "Isle of Islay", "Lothian", "Perthshire", "Shetland", "West Lothian", "North Uist"}
