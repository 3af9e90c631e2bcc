// The movable map of <asset-list>, loaded when somebody asks for it: pins, and
// rings that tell distances. Unless the operator of the register has chosen
// tiles it has none, and asks no other host. It says nothing that the list
// does not say in words.

import { L } from "./leaflet.js";

// Pins nearer to each other than this, in pixels, are one: fingers miss less.
const APART = 48;
const RINGS = [250, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000];

const ENGLISH = {
  area: "Map. The list says the same in words.", in: "Zoom in", out: "Zoom out", whole: "Show all",
};
const TEXTS = {
  en: ENGLISH,
  gd: {
    area: "Mapa. Tha an liosta ag ràdh an aon rud ann am faclan.",
    in: "Sùm a-steach", out: "Sùm a-mach", whole: "Seall na h-uile",
  },
  sco: { ...ENGLISH, area: "Map. The leet says the same in wirds.", whole: "Shaw aw" },
};

const OWN = `
.chart{height:min(24em,80vh);background:Canvas;color:CanvasText;border:1px solid var(--asset-list-border,currentColor);z-index:0}
.bar{display:flex;flex-wrap:wrap;gap:.5em}
.pin{pointer-events:auto;min-width:32px;min-height:32px;padding:0 .25em;transform:translate(-50%,-50%);white-space:nowrap;border-radius:16px}
.ring{color:CanvasText}
.ring span{position:absolute;background:Canvas;padding:0 .25em;line-height:1.25;white-space:nowrap;transform:translate(-50%,-50%)}
.leaflet-container{font:inherit}
.names{margin:0;padding:0;list-style:none}
.names li{border:0}
`;

// The style of Leaflet, once for each root, as a sheet that no policy of
// styles forbids.
const style = async (root) => {
  const response = await fetch(new URL("leaflet.css", import.meta.url), { credentials: "omit" });
  if (!response.ok) throw new Error("HTTP " + response.status);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync((await response.text()) + OWN);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
};

// Where tiles come from, and whom to credit for them; mostly nothing.
const ground = async () => {
  const response = await fetch(new URL("../tiles.json", import.meta.url), { credentials: "omit" });
  return response.ok ? (await response.json()).tiles : null;
};

const position = (coordinates) => L.latLng(coordinates[1], coordinates[0]);
const positions = ({ type, coordinates }) =>
  (type === "Point" ? [coordinates] : type === "MultiPoint" ? coordinates : []).map(position);

export const open = async (root, place, { language, make, link }) => {
  const texts = TEXTS[language];
  const [tiles] = await Promise.all([ground().catch(() => null), style(root)]);
  const area = make("div", { class: "chart", role: "region", "aria-label": texts.area });
  const choice = make("ul", { class: "names", role: "list", hidden: "hidden" });
  const bar = make("div", { class: "bar" });
  place.replaceChildren(area, bar, choice);
  const map = L.map(area, {
    zoomControl: false, attributionControl: false, scrollWheelZoom: false, inertia: false,
    fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false,
    minZoom: 5, maxZoom: 18, zoomSnap: 0.25, center: [56.5, -4], zoom: 7,
  });
  if (tiles) {
    L.tileLayer(tiles.address, { referrerPolicy: "strict-origin", maxZoom: 18 }).addTo(map);
    place.append(make("p", { part: "footer" }, make("small", { lang: "en" }, tiles.attribution)));
  }
  const pins = L.layerGroup().addTo(map);
  const rings = L.layerGroup().addTo(map);
  let placed = [];
  let middle = null;
  let groups = [];

  // Of which rings there is something to see: the widest of those that do not
  // go beyond all pins, or else the narrowest of all.
  const radii = () => {
    const farthest = Math.max(...placed.map(({ at }) => middle.distanceTo(at)));
    const within = RINGS.filter((radius) => radius <= farthest).slice(-3);
    return within.length ? within : RINGS.slice(0, 1);
  };

  const button = (text, act) => {
    const node = make("button", { type: "button", part: "button" }, text);
    node.addEventListener("click", act);
    bar.append(node);
  };
  const bounds = () => {
    const all = L.latLngBounds(placed.map(({ at }) => at));
    if (middle) all.extend(middle.toBounds(2 * radii()[0]));
    return all.pad(0.1);
  };
  const whole = () => map.fitBounds(bounds(), { maxZoom: 16, animate: false });
  button(texts.in, () => map.zoomIn());
  button(texts.out, () => map.zoomOut());
  button(texts.whole, whole);

  // Under the map, the names of what a pin stands for, as links.
  const choose = (group) => {
    const entries = group.map(({ feature, number }) => make("li", {}, `${number} `, link(feature)));
    choice.replaceChildren(...entries);
    choice.hidden = false;
    choice.querySelector("a")?.focus();
  };

  const draw = () => {
    groups = [];
    for (const pin of placed) {
      const point = map.latLngToLayerPoint(pin.at);
      const group = groups.find((known) => known.point.distanceTo(point) < APART);
      if (group) group.pins.push(pin);
      else groups.push({ point, at: pin.at, pins: [pin] });
    }
    pins.clearLayers();
    for (const { at, pins: group } of groups) {
      const numbers = group.map(({ number }) => number);
      const shown = numbers.length > 2 ? `${numbers[0]}, ${numbers[1]} …` : numbers.join(", ");
      const names = group.map(({ feature, number }) => `${number} ${feature.properties?.name ?? ""}`);
      // Its name has what is written on it, for those who say what they see.
      const name = names.length > 1 ? `${shown}: ${names.join(", ")}` : names[0];
      const pin = make("button", { type: "button", class: "pin", part: "button", "aria-label": name }, shown);
      pin.addEventListener("click", () => choose(group));
      pin.addEventListener("focus", () => map.panInside(at, { padding: [32, 32], animate: false }));
      const icon = L.divIcon({ html: pin, iconSize: [0, 0], className: "" });
      L.marker(at, { icon, keyboard: false, interactive: false }).addTo(pins);
    }
  };

  // Where on a ring its distance is written: where one sees it, as far from all
  // pins as can be.
  const free = (radius) => {
    const { x, y } = map.latLngToLayerPoint(middle);
    const size = y - map.latLngToLayerPoint(middle.toBounds(2 * radius).getNorthEast()).y;
    const seen = map.getPixelBounds();
    const origin = map.getPixelOrigin();
    const places = Array.from({ length: 32 }, (_, step) => {
      const angle = step * Math.PI / 16;
      const point = L.point(x + size * Math.sin(angle), y - size * Math.cos(angle));
      const { x: right, y: down } = point.add(origin);
      const margin = Math.min(right - seen.min.x, seen.max.x - right, 2 * (down - seen.min.y), 2 * (seen.max.y - down));
      const away = Math.min(...groups.map((group) => group.point.distanceTo(point)));
      return { point, room: Math.min(margin, 32) * 4 + Math.min(away, APART) };
    });
    const best = places.reduce((one, other) => (other.room > one.room ? other : one));
    return map.layerPointToLatLng(best.point);
  };
  const write = (at, text) => {
    const icon = L.divIcon({ html: make("span", { "aria-hidden": "true" }, text), className: "ring", iconSize: [0, 0] });
    L.marker(at, { icon, keyboard: false, interactive: false, zIndexOffset: -9999 }).addTo(rings);
  };

  // Around the place that was searched near, where that is known.
  const circle = () => {
    rings.clearLayers();
    if (!middle) return;
    write(middle, "+");
    for (const radius of radii()) {
      const ring = { radius, interactive: false, fill: false, color: "currentColor", weight: 1, dashArray: "4 4" };
      L.circle(middle, ring).addTo(rings);
      write(free(radius), radius < 1000 ? `${radius} m` : `${radius / 1000} km`);
    }
  };
  map.on("zoomend", draw);
  map.on("zoomend moveend", circle);

  return {
    show(items, centre) {
      placed = items.flatMap((item) => positions(item.feature.geometry).map((at) => ({ ...item, at })));
      middle = Array.isArray(centre) ? position(centre) : null;
      choice.hidden = true;
      if (!placed.length) return;
      whole();
      draw();
      circle();
    },
    focus() {
      area.focus();
    },
  };
};
