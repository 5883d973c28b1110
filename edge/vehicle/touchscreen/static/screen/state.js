// The last snapshot, and what its clocks say now: they run on between snapshots, and when no snapshot comes.

let snapshot = null;
let received = 0;

export function accept(next) {
  snapshot = next;
  received = performance.now();
}

/** The snapshot with its clocks moved on to this instant; null before the first one. */
export function live() {
  if (snapshot === null) return null;
  const elapsed = (performance.now() - received) / 1000;
  const { visit, position } = snapshot;
  const on = (seconds) => (seconds === null ? null : seconds + elapsed);
  const down = (seconds) => (seconds === null ? null : Math.max(0, seconds - elapsed));
  return {
    ...snapshot,
    utc: snapshot.utc + elapsed,
    left: visit && visit.prescribed_s - visit.dosage_s - (visit.running ? elapsed : 0),
    countsIn: visit && visit.counts_in_s - (visit.running ? elapsed : 0),
    awayLeft: visit && down(visit.away_left_s),
    pausedFor: on(snapshot.paused_s),
    positionAge: on(position.age_s),
    shiftLeft: down(snapshot.shift_ends_in_s),
    tactics: snapshot.tactics.map((one) => ({ ...one, undoLeft: down(one.undo_left_s) || null })),
  };
}
