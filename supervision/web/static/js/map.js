// Draws a zone and a track on a plain ground with a graticule: no tile server learns the place.
// All use of Leaflet is in this file.

const L = globalThis.L;
const STEPS_DEG = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001];
const LINES_AT_LEAST = 3;

export function drawMap(element, data, wordsOf) {
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(element, {
    attributionControl: false, zoomControl: false, minZoom: 3, maxZoom: 19, zoomSnap: 0.5,
    zoomAnimation: !isCalm, fadeAnimation: !isCalm, markerZoomAnimation: !isCalm, inertia: !isCalm,
  });
  const wrap = wrapper(data);
  const zone = data.zone ? zoneLayer(data.zone, wrap) : null;
  map.fitBounds(boundsOf(data, zone, wrap).pad(0.08), { maxZoom: 17, animate: false });
  zone?.addTo(map);
  addTrack(map, data, wrap, wordsOf);
  L.control.zoom({ position: "topright" }).addTo(map);
  L.control.scale({ imperial: true, maxWidth: 140 }).addTo(map);
  addGraticule(map);
}

// The 180th meridian must not tear a track apart: longitudes are taken near the first one.
function wrapper(data) {
  const first = data.points[0]?.lon ?? firstNumber(data.zone.coordinates);
  return ({ lon, lat }) => [lat, first + ((((lon - first + 180) % 360) + 360) % 360) - 180];
}

const firstNumber = (nested) => (Array.isArray(nested) ? firstNumber(nested[0]) : nested);

function zoneLayer(zone, wrap) {
  const coordsToLatLng = ([lon, lat]) => L.latLng(wrap({ lon, lat }));
  return L.geoJSON(zone, { coordsToLatLng, style: { className: "zone", smoothFactor: 0.3 }, interactive: false });
}

function boundsOf(data, zone, wrap) {
  const bounds = zone ? zone.getBounds() : L.latLngBounds([]);
  for (const point of data.points) {
    bounds.extend(L.latLng(wrap(point)).toBounds(2 * (point.accuracy_m ?? 0)));
  }
  return bounds;
}

function addTrack(map, data, wrap, wordsOf) {
  const { points } = data;
  for (const point of points) {
    if (point.accuracy_m) L.circle(wrap(point), { radius: point.accuracy_m, className: "accuracy", interactive: false }).addTo(map);
  }
  for (let index = 1; index < points.length; index += 1) {
    const className = points[index].is_after_gap ? "way gap" : "way";
    L.polyline([wrap(points[index - 1]), wrap(points[index])], { className, interactive: false }).addTo(map);
  }
  const kindOf = (point) => (point.id === data.deepest_id ? "deepest" : point.id === data.entry_id ? "entry" : "");
  const markedLast = [...points].sort((one, other) => Boolean(kindOf(one)) - Boolean(kindOf(other)));
  for (const point of markedLast) {
    const kind = kindOf(point);
    L.circleMarker(wrap(point), { radius: kind ? 8 : 5, className: `point ${kind}` })
      .bindTooltip(wordsOf(point.id)).addTo(map);
  }
}

function addGraticule(map) {
  const pane = map.createPane("graticule");
  pane.style.zIndex = 350;
  pane.setAttribute("aria-hidden", "true");
  const lines = L.layerGroup().addTo(map);
  const draw = () => {
    lines.clearLayers();
    const bounds = map.getBounds();
    const spanDeg = Math.min(bounds.getEast() - bounds.getWest(), bounds.getNorth() - bounds.getSouth());
    const stepDeg = STEPS_DEG.find((step) => spanDeg / step >= LINES_AT_LEAST) ?? STEPS_DEG.at(-1);
    for (const lon of multiples(bounds.getWest(), bounds.getEast(), stepDeg)) {
      addLine(lines, [[bounds.getSouth(), lon], [bounds.getNorth(), lon]], degrees(((lon + 540) % 360) - 180, stepDeg, "E", "W"));
    }
    for (const lat of multiples(bounds.getSouth(), bounds.getNorth(), stepDeg)) {
      addLine(lines, [[lat, bounds.getEast()], [lat, bounds.getWest()]], degrees(lat, stepDeg, "N", "S"));
    }
  };
  map.on("moveend", draw);
  draw();
}

function* multiples(from, to, step) {
  for (let count = Math.ceil(from / step); count * step <= to; count += 1) yield count * step;
}

function degrees(value, step, positive, negative) {
  const digits = Math.max(0, Math.ceil(-Math.log10(step)));
  return `${Math.abs(value).toFixed(digits)}° ${value < 0 ? negative : positive}`;
}

// A line across the view, named at its upper or left end.
function addLine(lines, ends, words) {
  L.polyline(ends, { pane: "graticule", className: "grid", interactive: false, renderer: rendererOf(lines) }).addTo(lines);
  const isMeridian = ends[0][1] === ends[1][1];
  const icon = L.divIcon({ className: "grid-label", html: words, iconSize: null, iconAnchor: isMeridian ? [-4, -3] : [-4, 16] });
  L.marker(ends[1], { icon, pane: "graticule", interactive: false, keyboard: false }).addTo(lines);
}

function rendererOf(lines) {
  lines.renderer ??= L.svg({ pane: "graticule" });
  return lines.renderer;
}
