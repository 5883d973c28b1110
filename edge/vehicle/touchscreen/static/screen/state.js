// The last snapshot, and what its clocks say now: they run on between snapshots, and stop where none comes any more.

let snapshot = null;
let received = 0;

export function accept(next) {
  snapshot = next;
  received = performance.now();
}

/** The snapshot with its clocks moved on to this instant, or as it was last known; null before the first one.
 *
 * A visit's time runs on only until the next position is due: what the vehicle will count is never ahead of it. */
export function live(connected) {
  if (snapshot === null) return null;
  const elapsed = connected ? (performance.now() - received) / 1000 : 0;
  const { visit, position } = snapshot;
  const on = (seconds) => (seconds === null ? null : seconds + elapsed);
  const down = (seconds) => (seconds === null ? null : Math.max(0, seconds - elapsed));
  return {
    ...snapshot,
    connected,
    utc: snapshot.utc + elapsed,
    left: visit && visit.prescribed_s - visit.dosage_s - Math.min(elapsed, visit.runs_on_s),
    countsIn: visit && visit.counts_in_s - Math.min(elapsed, visit.runs_on_s),
    awayLeft: visit && down(visit.away_left_s),
    pausedFor: on(snapshot.paused_s),
    positionAge: on(position.age_s),
    shiftLeft: down(snapshot.shift_ends_in_s),
    tactics: snapshot.tactics.map((one) => ({ ...one, undoLeft: connected ? down(one.undo_left_s) || null : null })),
  };
}
