"""Whatever comes in, what goes out holds: hypothesis mangles a receiver's stream."""

from hypothesis import given
from hypothesis import strategies as st

from edge.vehicle.gps.pipeline import Pipeline
from tests.vehicle.gps.sentences import LAT, LON, gga, gst, rmc, sentence

SECONDS = st.integers(0, 40) | st.sampled_from([-86_400, 3600, 10**9, -619_315_200])
LATS = st.floats(-90, 90) | st.sampled_from([0.0, LAT, 90.0, -0.0])
LONS = st.floats(-180, 180) | st.sampled_from([0.0, LON, 180.0])
FIELDS = st.sampled_from(
    ["", "A", "V", "N", "W", "0", "120000.00", "4152.8", "08737.8", "nan", "1e999", "020326", "-1"]
)

WELL = st.one_of(
    st.builds(rmc, SECONDS, LATS, LONS, knots=st.sampled_from(["0", "", "21.6", "5000", "-3", "inf"])),
    st.builds(gga, SECONDS, LATS, LONS, quality=st.integers(0, 9)),
    st.builds(gst, SECONDS, st.floats(0, 99), st.floats(0, 99)),
)
ODD = st.builds(
    lambda kind, fields: sentence(",".join([kind, *fields])),
    st.sampled_from(["GPRMC", "GNGGA", "GPGST", "PGRMC"]),
    st.lists(FIELDS, max_size=15),
)
MANGLED = st.builds(
    lambda data, at, byte: data[: at % len(data)] + bytes([byte]) + data[at % len(data) + 1 :],
    WELL,
    st.integers(0, 200),
    st.integers(0, 255),
)
STREAM = st.lists(st.tuples(st.one_of(WELL, WELL, ODD, MANGLED, st.binary(max_size=30)), st.floats(0, 2)), max_size=60)


@given(STREAM)
def test_no_stream_makes_an_impossible_fix(stream: list[tuple[bytes, float]]) -> None:
    """Never at (0, 0), out of range or too fast; time and receipt advance, unless the clock's step is flagged."""
    pipeline, mono, last = Pipeline(), 0.0, None
    for data, pause in stream:
        mono += pause
        for one in pipeline.reader.feed(data):
            for fix in pipeline.add(one, mono):
                assert abs(fix.lat) <= 90
                assert abs(fix.lon) <= 180
                assert abs(fix.lat) > 1e-4 or abs(fix.lon) > 1e-4
                assert fix.speed is None or 0 <= fix.speed <= 90
                assert fix.accuracy > 0
                assert fix.quality >= 1
                if last is not None:
                    assert fix.utc > last.utc or "clock_stepped" in fix.flags
                    assert fix.mono >= last.mono
                last = fix


@given(st.binary(max_size=2000))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    """Binary is no sentence, and no harm."""
    assert Pipeline().reader.feed(data + b"\n") is not None
