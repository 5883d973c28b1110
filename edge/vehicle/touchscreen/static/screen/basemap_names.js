// The names in the basemap's tiles: of streets as the bundle's labels are, and of parks, water and quarters.

/** `streets`: as in `/api/map`; `areas`: [x, y, name, kind]. `place`: metres of the plane of a point of the tiles. */
export function basemapNames(tiles, place) {
  const seen = new Set();
  const [streets, areas] = [[], []];
  for (const { data, scale, origin } of tiles) {
    for (const { geom, props } of data.get("name") ?? []) {
      const point = geom[0][0];
      const [x, y] = place({ x: origin.x + point.x * scale, y: origin.y + point.y * scale });
      const once = `${props.name} ${Math.round(x / 20)} ${Math.round(y / 20)}`; // tiles overlap
      if (seen.has(once)) continue;
      seen.add(once);
      if (props.kind === "street") streets.push([props, x, y]);
      else areas.push([x, y, props.name, props.kind]);
    }
  }
  return { streets: asLabels(streets), areas };
}

function asLabels(streets) {
  const inOrder = [...streets].sort(([one], [other]) => other.main - one.main);
  const names = [...new Set(inOrder.map(([{ name }]) => name))];
  const at = new Map(names.map((name, index) => [name, index]));
  const labels = inOrder.map(([{ name, bearing, straight }, x, y]) => [at.get(name), x, y, bearing, straight]);
  return { names, main: new Set(inOrder.filter(([{ main }]) => main).map(([{ name }]) => name)).size, labels };
}
