// What the touchscreen takes of protomaps-leaflet: its reader of PMTiles and its painter on a canvas. Leaflet itself is
// not needed for these, and would not turn the map to the car's heading. From the sources, so that nothing else comes along.

export { paint } from "./node_modules/protomaps-leaflet/src/painter.ts";
export { LineSymbolizer, PolygonSymbolizer } from "./node_modules/protomaps-leaflet/src/symbolizer.ts";
export { PmtilesSource } from "./node_modules/protomaps-leaflet/src/tilecache.ts";
export { View } from "./node_modules/protomaps-leaflet/src/view.ts";
