/*! asset-list 1.0.0: a list of a kist register. MIT OR Apache-2.0 */
// What it promises is in docs/embed.md and custom-elements.json. It stores
// nothing, sends no cookie, and asks no host but those of `src` and of itself;
// only a movable map asks for tiles, where the register has chosen some.

// Attributes that become parameters of the list's address, by the same names.
const ASKED = ["near", "radius", "q", "topic", "for", "kind", "sort", "clearance", "ref"];
const SHOWN = ["view", "heading", "heading-level", "aria-label", "search", "no-map", "compact"];

// What is said, a line for each of these. Forms of a word after a number stand
// beside each other: one and other, in Gaelic one, two, few and other (CLDR).
const SAYS = ("place find looking none failed unknown which all of name address phone distance map "
  + "mapless picture covers cancelled postponed past paused ended found m km").split(" ");
const TEXTS = {
  en: `Postcode or place
    Find
    Looking…
    Nothing was found.
    This list can’t be shown just now.
    That place isn’t known. Try a postcode.
    Several places have this name. Which one?
    See all {n}
    {m} of {n}
    Name
    Address
    Phone
    Distance
    Show a movable map
    This map can’t be shown just now.
    Map with the numbers of this list
    covers {a}
    Cancelled
    Postponed
    Past
    Paused
    Ended
    {n} result/{n} results
    {n} metre away/{n} metres away
    {n} kilometre away/{n} kilometres away`,
  gd: `Còd-puist no àite
    Lorg
    Ga lorg…
    Cha deach dad a lorg.
    Cha ghabh an liosta seo shealltainn an-dràsta.
    Chan eil an t-àite sin aithnichte. Feuch còd-puist.
    Tha an t-ainm seo air iomadh àite. Cò dhiubh?
    Faic iad uile ({n})
    {m} a-mach à {n}
    Ainm
    Seòladh
    Fòn
    Astar
    Seall mapa gluasadach
    Cha ghabh am mapa seo shealltainn an-dràsta.
    Mapa le àireamhan na liosta seo
    a’ frithealadh {a}
    Air a chur dheth
    Dàil air a chur ann
    Seachad
    Na stad
    Crìochnaichte
    {n} toradh/{n} thoradh/{n} toraidhean/{n} toradh
    {n} mheatair air falbh/{n} mheatair air falbh/{n} meatairean air falbh/{n} meatair air falbh
    {n} chilemeatair air falbh/{n} chilemeatair air falbh/{n} cilemeatairean air falbh/{n} cilemeatair air falbh`,
  sco: `Postcode or place
    Seek
    Seekin…
    Naething wis fund.
    This leet canna be shawn the noo.
    That place isna kent. Try a postcode.
    Mair nor ae place haes this name. Whilk ane?
    See aw {n}
    {m} o {n}
    Name
    Address
    Phone
    Distance
    Shaw a map that ye can muive
    This map canna be shawn the noo.
    Map wi the nummers o this leet
    covers {a}
    Cried aff
    Pit aff
    Past
    Paused
    Feenished
    {n} result/{n} results
    {n} metre awa/{n} metres awa
    {n} kilometre awa/{n} kilometres awa`,
};
for (const language in TEXTS) {
  const lines = TEXTS[language].split("\n");
  TEXTS[language] = Object.fromEntries(SAYS.map((name, index) => [name, lines[index].trim()]));
}

const fill = (text, values) => text.replace(/{(\w)}/g, (_, name) => values[name].toLocaleString("en"));
// A number with its word. Browsers know no Scots, and not all know Gaelic.
const count = (language, text, n) => {
  const forms = text.split("/");
  const is = (few) => n === few || n === few + 10;
  const few = Number.isInteger(n) && n > 2 && n < 20;
  const form = language !== "gd" ? (n === 1 ? 0 : 1) : is(1) ? 0 : is(2) ? 1 : few ? 2 : 3;
  return fill(forms[form], { n });
};

// Only addresses that can do no harm become links.
const safe = (text) => (/^(https?|tel|mailto):/.test(text) ? text : null);
const words = (value) => (typeof value === "string" && value.trim() ? value : null);

// Gives an attribute its value, or takes it away.
const put = (node, name, value) =>
  value ? node.setAttribute(name, value) : node.removeAttribute(name);

// An element with attributes and children. No HTML is ever read from a text.
const make = (name, attributes = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) put(node, key, value);
  node.append(...children.filter(Boolean));
  return node;
};

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host{display:block;color:var(--asset-list-color,inherit)}
:host([hidden]),[hidden],section>div:empty{display:none!important}
*{box-sizing:border-box;font:inherit;color:inherit;margin:0}
p,ol,.title{overflow-wrap:anywhere}
.gap,form,ol{display:grid;grid-template-columns:minmax(0,1fr);gap:var(--asset-list-gap,1rem)}
.title,th,label,button,li::marker{font-weight:bold}
.title{font-size:1.125em;line-height:1.3}
.heading{font-size:1.375em}
small{display:block}
a{color:var(--asset-list-link,inherit);display:inline-block;vertical-align:top;min-width:24px;min-height:24px}
form{grid-template-columns:minmax(0,20em) auto;justify-content:start;gap:.25em .5em}
label{grid-column:1/-1}
input,button{min-height:2.75em;padding:.25em .75em;min-width:0;border-radius:var(--asset-list-radius,.25em)}
input{border:2px solid var(--asset-list-border,FieldText);background:Field;color:FieldText}
button{border:2px solid var(--asset-list-accent,ButtonText);background:var(--asset-list-accent,ButtonFace);color:var(--asset-list-on-accent,ButtonText);cursor:pointer;justify-self:start}
:focus-visible{outline:3px solid var(--asset-list-focus,#000);box-shadow:0 0 0 6px #fff}
ol{padding:0 0 0 2.25em}
li{border-top:1px solid var(--asset-list-border,currentColor);padding-top:.5em}
.scroll{overflow:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:start;vertical-align:top;padding:.5em .75em .5em 0;border-bottom:1px solid var(--asset-list-border,currentColor)}
img{max-width:100%;height:auto}
@media print{form,button{display:none}}
`);

class AssetList extends HTMLElement {
  static observedAttributes = ["src", "limit", "lang", ...ASKED, ...SHOWN];

  #list = null;
  #abort = null;
  #queued = null;
  #chart = null;
  #root = this.attachShadow({ mode: "open" });
  #fallback = make("slot");
  #empty = make("slot", { name: "empty", hidden: "hidden" });
  #status = make("p", { role: "status", id: "status", part: "status", tabindex: "-1" });
  #heading = make("div");
  #label = make("label", { for: "near" });
  #input = make("input", { id: "near", part: "input", autocomplete: "postal-code" });
  #button = make("button", { part: "button" });
  #form = make("form", { part: "form", hidden: "hidden" }, this.#label, this.#input, this.#button);
  #body = make("div", { class: "gap" });
  #map = make("div", { class: "gap", part: "map" });
  #foot = make("p", { part: "footer", hidden: "hidden" });
  #frame = make("section", { class: "gap", dir: "ltr" }, this.#heading, this.#form, this.#status,
    this.#body, this.#empty, this.#foot);

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.append(make("slot", { name: "before" }), this.#frame,
      make("slot", { name: "after" }), this.#fallback);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const near = this.#input.value.trim();
      // The attribute asks; when it says the same already, ask again.
      if (near === (this.getAttribute("near") ?? "")) this.refresh();
      else put(this, "near", near);
    });
  }

  // The features that are shown, as GeoJSON.
  get features() {
    return this.#list?.features ?? [];
  }

  connectedCallback() {
    this.#soon(true);
  }

  disconnectedCallback() {
    this.#abort?.abort();
  }

  attributeChangedCallback(name, before, after) {
    if (before !== after && this.isConnected) this.#soon(!SHOWN.includes(name));
  }

  // Many attributes may change at once: they are looked at once.
  #soon(asks) {
    if (this.#queued === null) queueMicrotask(() => {
      const asked = this.#queued;
      this.#queued = null;
      if (asked) this.refresh();
      else this.#draw();
    });
    this.#queued ||= asks;
  }

  get #language() {
    let near = null;
    for (let node = this; node && !near; node = node.getRootNode().host) {
      near = node.closest("[lang]");
    }
    const primary = near?.lang.toLowerCase().split("-")[0];
    return primary in TEXTS ? primary : "en";
  }

  // The address of the list with a suffix, and what the attributes ask.
  #address(suffix) {
    const url = new URL(this.getAttribute("src") || "data:", document.baseURI);
    if (!/^https?:$/.test(url.protocol)) throw new TypeError("src is no list");
    url.pathname = url.pathname
      .replace(/(\.geojson|\.html)?\/?$/, "")
      .replace(/\/(collections|organisations)(\/[^/]+)$/, "/lists$2")
      .replace(/(?<!\/v1)\/search$/, "/lists/all")
      .replace(/\/near\/[^/]+$/, this.getAttribute("near") ? "/lists/all" : "$&")
      + suffix;
    const asks = url.searchParams;
    // The page of a search has other names for some.
    for (const [from, to] of [["within", "radius"], ["audience", "for"]]) {
      if (asks.has(from)) asks.set(to, asks.get(from));
      asks.delete(from);
    }
    for (const name of ["page", "per_page", "cursor", "facets", "explain"]) asks.delete(name);
    for (const name of ASKED) {
      const value = this.getAttribute(name)?.trim();
      if (value) asks.set(name, value);
    }
    const limit = parseInt(this.getAttribute("limit") ?? asks.get("limit"));
    asks.set("limit", Math.min(Math.max(limit || 12, 1), 50));
    asks.set("lang", this.#language);
    return url;
  }

  #tell(name, detail) {
    const event = new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true });
    return this.dispatchEvent(event);
  }

  // Asks for the list anew; ends when it is shown, or can't be.
  async refresh() {
    // What has changed a moment ago is asked for here already.
    if (this.#queued) this.#queued = false;
    this.#abort?.abort();
    const { signal } = (this.#abort = new AbortController());
    const t = TEXTS[this.#language];
    put(this.#body, "aria-busy", true);
    this.#status.textContent = t.looking;
    this.#draw();
    let problem;
    try {
      const response = await fetch(this.#address(".geojson"), {
        signal, credentials: "omit", referrerPolicy: "strict-origin",
      });
      if (!response.ok) {
        problem = await response.json().catch(() => null);
        throw new Error(problem?.title ?? "HTTP " + response.status);
      }
      const list = await response.json();
      if (!Array.isArray(list?.features)) throw new TypeError("src is no list");
      if (signal.aborted) return;
      this.#list = list;
      this.#settle(this.#count(t));
      this.#tell("asset-load", list);
    } catch (error) {
      if (signal.aborted) return;
      this.#list = null;
      const isPlace = problem?.parameter === "near";
      const choices = isPlace && problem.available;
      this.#settle(choices ? t.which : isPlace ? t.unknown : t.failed, isPlace);
      if (choices) this.#body.replaceChildren(...choices.map(this.#choice));
      this.#tell("asset-error", { message: error.message, problem });
    }
  }

  // One of the places that have the same name.
  #choice = (near) => {
    const button = make("button", { part: "button" }, near);
    button.addEventListener("click", () => {
      put(this, "near", near);
      // The button is gone: the keyboard is somewhere that stays.
      this.refresh();
      (this.#form.hidden ? this.#status : this.#input).focus();
    });
    return button;
  };

  // Shows what has come, then says so.
  #settle(text, wrongPlace) {
    put(this.#body, "aria-busy");
    this.#draw();
    put(this.#input, "aria-invalid", wrongPlace);
    put(this.#input, "aria-describedby", wrongPlace && "status");
    this.#status.textContent = text;
  }

  get #total() {
    const shown = this.features.length;
    return Math.max(this.#list?.total, shown) || shown;
  }

  #count(t) {
    const m = this.features.length;
    const n = this.#total;
    if (!n) return t.none;
    const found = count(this.#language, t.found, n);
    return m < n ? fill(t.of, { m, n: found }) : found;
  }

  #draw() {
    const language = this.#language;
    const t = TEXTS[language];
    const list = this.#list;
    const view = this.getAttribute("view");
    const level = Math.min(Math.max(parseInt(this.getAttribute("heading-level")) || 2, 2), 6);
    this.#frame.lang = language;

    const text = words(this.getAttribute("heading"));
    const heading = { id: "heading", class: "title heading", part: "heading" };
    this.#heading.replaceChildren(text ? make("h" + level, heading, text) : "");
    const label = words(this.getAttribute("aria-label"));
    if (label && !this.hasAttribute("role")) put(this, "role", "region");
    put(this.#frame, "aria-labelledby", text && !label && "heading");

    this.#form.hidden = !this.hasAttribute("search");
    this.#label.textContent = t.place;
    this.#button.textContent = t.find;
    if (!this.#form.contains(this.#root.activeElement)) {
      this.#input.value = this.getAttribute("near") ?? "";
    }

    this.#fallback.hidden = list !== null;
    this.#empty.hidden = list?.features.length !== 0;
    const items = this.features.map((feature, index) =>
      ({ feature, item: feature?.properties ?? {}, number: index + 1 }));
    const titles = Math.min(text ? level + 1 : level, 6);
    this.#body.replaceChildren(!items.length ? "" : view === "table"
      ? this.#table(t, language, items) : this.#cards(t, language, items, "h" + titles));

    const page = safe(list?.page);
    const credits = [{ item: list }, ...items].map(({ item }) => words(item?.attribution));
    // Our own sentence, up to our address, is in the language of the list;
    // sources mostly speak English.
    const [own, ...rest] = [...new Set(credits)].join(" ").split(/(?<=\/\. )/);
    const n = this.#total;
    this.#foot.replaceChildren(page && n ? make("a", { href: page }, fill(t.all, { n })) : "",
      make("small", {}, own, make("span", { lang: "en" }, ...rest)));
    this.#foot.hidden = !list;
    this.#drawMap(t, view, items);
  }

  #cards(t, language, items, title) {
    return make("ol", { part: "list", role: "list" }, ...items.map(({ feature, item, number }) =>
      make("li", { part: "card", value: number },
        make(title, { class: "title", part: "title" }, this.#link(feature, language)),
        this.#lapse(t, item),
        this.#about(item, language),
        words(item.address) && make("p", { part: "address" }, item.address),
        this.#contact(t, language, item))));
  }

  #about(item, language) {
    const text = words(item.note) ?? words(item.summary);
    if (!text || this.hasAttribute("compact")) return null;
    return make("p", { part: "description", lang: this.#foreign(item, language) }, text);
  }

  #contact(t, language, item) {
    const why = this.#why(t, language, item);
    const phone = this.#phone(item);
    return (why || phone) && make("p", { part: "meta" }, why, why && phone && " · ", phone);
  }

  #table(t, language, items) {
    // A column in which nothing stands is left out.
    const columns = [
      [t.address, "address", (item) => words(item.address)],
      [t.phone, "meta", (item) => this.#phone(item)],
      [t.distance, "meta", (item) => this.#why(t, language, item)],
    ].filter(([, , cell]) => items.some(({ item }) => cell(item)));
    const head = make("tr", {}, ...[[t.name], ...columns].map(([text]) =>
      make("th", { scope: "col" }, text)));
    const rows = items.map(({ feature, item }) => make("tr", { part: "card" },
      make("th", { scope: "row", part: "title" }, this.#link(feature, language),
        this.#lapse(t, item)),
      ...columns.map(([, part, cell]) => make("td", { part }, cell(item)))));
    const name = words(this.getAttribute("heading")) ?? words(this.#list.title) ?? t.name;
    // It scrolls on narrow screens, so it can be reached by keyboard.
    return make("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": name },
      make("table", { part: "list" }, make("thead", {}, head), make("tbody", {}, ...rows)));
  }

  // Why something is not to be had as it says; registers of before tell its
  // status alone.
  #lapse(t, { lapse, status }) {
    const text = words(t[lapse ?? status]);
    return text && make("p", { class: "title", part: "lapse" }, text);
  }

  // The language of a record's own words, when it is not that of the list.
  #foreign({ inLanguage = "en" }, language) {
    return inLanguage === language ? null : String(inLanguage);
  }

  #link(feature, language) {
    const item = feature?.properties ?? {};
    const href = this.#page(feature?.id);
    const lang = this.#foreign(item, language);
    const name = words(item.name) ?? "–";
    if (!href) return make("span", { lang }, name);
    const link = make("a", { href, lang }, name);
    link.addEventListener("click", (event) => {
      if (!this.#tell("asset-select", feature)) event.preventDefault();
    });
    return link;
  }

  // Where an identity of this register leads, in the language of the list.
  #page(id) {
    const language = this.#language;
    const isOurs = language !== "en" && `${id}`.startsWith(this.#address("").origin + "/id/");
    return safe(isOurs ? id + "?lang=" + language : id);
  }

  #phone({ telephone }) {
    const digits = words(telephone)?.replace(/\(0\)|[^\d+]/g, "");
    return digits ? make("a", { href: "tel:" + digits }, telephone) : null;
  }

  // Why it is listed: the areas that it covers, when that is why; and how far
  // away it is, in words, to two figures or so.
  #why(t, language, { distance, match, areaServed }) {
    const areas = match === "covers" && words([areaServed].flat().join(", "));
    const near = distance < 995;
    let n = near ? Math.max(10, Math.round(distance / 10) * 10) : distance / 1000;
    if (!near) n = n < 9.95 ? Math.round(n * 10) / 10 : Math.round(n);
    const away = Number.isFinite(distance) && count(language, near ? t.m : t.km, n);
    return [areas && fill(t.covers, { a: areas }), away].filter(Boolean).join(", ");
  }

  // The ladder: the list says it all; a picture from the server; and, when
  // somebody asks for it, a map that moves.
  #drawMap(t, view, items) {
    const placed = items.filter(({ feature }) => feature?.geometry);
    if (this.hasAttribute("no-map") || !placed.length) {
      this.#chart = null;
      this.#map.replaceChildren();
      return;
    }
    this.#body[view === "map" ? "before" : "after"](this.#map);
    if (this.#chart) return this.#chart.show(placed, this.#list.centre);
    const button = make("button", { part: "button" }, t.map);
    button.addEventListener("click", () => this.#open(t, button));
    this.#map.replaceChildren(button);
    if (view === "map") {
      const picture = make("img", { alt: t.picture, src: this.#address(".map.svg").href });
      picture.addEventListener("error", () => picture.remove());
      this.#map.prepend(picture);
    }
  }

  async #open(t, button) {
    button.disabled = true;
    try {
      const { open } = await import(new URL("map.js", import.meta.url).href);
      const language = this.#language;
      const link = (feature) => this.#link(feature, language);
      this.#chart = await open(this.#root, this.#map, { language, make, link });
      this.#draw();
      this.#chart?.focus();
    } catch {
      button.disabled = false;
      this.#status.textContent = t.mapless;
    }
  }
}

if (!customElements.get("asset-list")) customElements.define("asset-list", AssetList);
