"""Asking a register with SPARQL, step by step.

Each part between two lines of `# %%` is a cell in Jupyter, VS Code and Spyder;
the whole runs as a program too:

    python3 questions.py https://register.example

Nothing but Python is needed.
"""

# %% Where to ask. SPARQL is a form: a query goes in, a table comes out.
import csv
import io
import sys
import urllib.parse
import urllib.request

REGISTER = sys.argv[1] if len(sys.argv) > 1 else "https://register.example"

PREFIXES = """
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kist: <https://w3id.org/kist#>
"""


def ask(query):
    """Gives the rows of a SELECT query, each as a dictionary of texts."""
    body = urllib.parse.urlencode({"query": PREFIXES + query}).encode()
    request = urllib.request.Request(
        REGISTER + "/sparql", data=body, headers={"Accept": "text/csv"}
    )
    with urllib.request.urlopen(request, timeout=60) as reply:
        return list(csv.DictReader(io.TextIOWrapper(reply, encoding="utf-8", newline="")))


def show(title, rows):
    """Prints the first rows as a table."""
    print(f"\n{title}")
    for row in rows[:10]:
        print("  " + " | ".join(row.values()))
    if not rows:
        raise SystemExit(f"{title}: nothing was found")


# %% What sorts of asset are there, and how many of each?
kinds = ask(
    """
    SELECT ?sort (COUNT(DISTINCT ?asset) AS ?number) WHERE {
      ?asset a kist:Asset ; kist:assetType ?type .
      ?type skos:prefLabel ?sort . FILTER(lang(?sort) = "en")
    } GROUP BY ?sort ORDER BY DESC(?number)
    """
)
show("Assets by sort", kinds)

# %% Who runs most of them?
providers = ask(
    """
    SELECT ?name (COUNT(DISTINCT ?asset) AS ?number) WHERE {
      ?asset schema:provider ?provider .
      ?provider schema:name ?name .
    } GROUP BY ?name ORDER BY DESC(?number) ?name LIMIT 10
    """
)
show("Organisations with most assets", providers)

# %% What is in a box around Skye, with its position?
near = ask(
    """
    SELECT DISTINCT ?name ?latitude ?longitude WHERE {
      ?asset a kist:Asset ; schema:name ?name ; schema:location ?place .
      ?place schema:latitude ?latitude ; schema:longitude ?longitude .
      FILTER(?latitude > 57.0 && ?latitude < 57.8 && ?longitude > -6.8 && ?longitude < -5.6)
    } ORDER BY ?name
    """
)
show("In a box around Skye", near)

# %% What hindered partnerships, in their own words?
hindered = ask(
    """
    SELECT ?study ?text WHERE {
      ?case a kist:CaseStudy ; schema:name ?study ; kist:hindered ?finding .
      ?finding ?says ?text . FILTER(isLiteral(?text) && lang(?text) = "en")
    } ORDER BY ?study LIMIT 20
    """
)
show("What got in the way", hindered)
