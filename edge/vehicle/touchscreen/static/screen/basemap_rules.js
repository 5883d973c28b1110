// What of the basemap is painted, and in which of the theme's colours: the fills first, then lines, main streets last.

import { streetStyle } from "./map_ground.js";
import { colour } from "./palette.js";

const KINDS = [["lane", "street"], ["side", "street"], ["main", "main_street"]];
const LANE = 0.5; // of a street's width

/** Rules of protomaps-leaflet's painter. `scale`: metres a pixel; `unit`: the tiles' pixels in one of the canvas. */
export function basemapRules({ LineSymbolizer, PolygonSymbolizer }, scale, unit) {
  const fill = (dataLayer, name, kind) => (
    { dataLayer, symbolizer: new PolygonSymbolizer({ fill: colour(name) }), filter: kind && of(kind) }
  );
  const line = (dataLayer, kind, name, width) => ({
    dataLayer, filter: of(kind),
    symbolizer: new LineSymbolizer({ color: colour(name), width: width * unit, lineCap: "round", lineJoin: "round" }),
  });
  const streets = KINDS.map(([kind, as]) => {
    const { width, name } = streetStyle(as, scale);
    return line("road", kind, name, kind === "lane" ? width * LANE : width);
  });
  return [
    fill("green", "green"), fill("water", "water", "area"), line("water", "line", "water", Math.max(2, 12 / scale)),
    fill("building", "building"), line("road", "rail", "rail", 1.2), ...streets,
  ];
}

const of = (kind) => (_, feature) => feature.props.kind === kind;
