"""Scores of every box from a model file: onnxruntime, on one thread, with the exact parts of each score.

Sums of doubles depend on the number of threads, so it is fixed. In the car this runs in a short-lived child process:
a session gives its memory back only when its process ends. Must not make features, nor trust a file's form.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as state

from edge.risk.features import Rows
from edge.risk.model import FORMAT, KEY, ModelMeta, decode_meta
from edge.text.coded import CodedError
from edge.text.words import os_error

Doubles: TypeAlias = NDArray[np.float64]

THREADS: Final = 1
UNIT: Final = 1e-6
QUIET: Final = 4
"""onnxruntime's severity: what it has to say is raised, and told in our words."""

FAILURES: Final = (
    state.EPFail,
    state.Fail,
    state.InvalidArgument,
    state.InvalidGraph,
    state.InvalidProtobuf,
    state.NoModel,
    state.NoSuchFile,
    state.NotImplemented,
    state.RuntimeException,
)
"""What onnxruntime raises for a file or rows that it does not take; its errors have no base of their own."""

INPUTS: Final = {
    "features": "tensor(float)",
    "maps": "tensor(double)",
    "level": "tensor(double)",
    "shift": "tensor(int64)",
}
OUTPUTS: Final = {"base": "tensor(double)", "factors": "tensor(double)", "risk": "tensor(double)"}


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Expected incidents: ``risk[box] = base[box] · product of factors[box, group]``, to the last bits of a double."""

    base: Doubles
    factors: Doubles
    risk: Doubles


class Scorer:
    """A model, loaded. Raises CodedError, one sentence, where the file is none that may or can be scored with."""

    def __init__(self, data: bytes, name: str) -> None:
        """``name``: what the sentence calls the file."""
        self._name = name
        self.sha256 = hashlib.sha256(data).hexdigest()
        self._session = _session(data, name)
        self.meta = _meta(self._session, name)
        _check_form(self._session, self.meta, name)

    @staticmethod
    def load(path: Path) -> "Scorer":
        """From a file."""
        try:
            return Scorer(path.read_bytes(), str(path))
        except OSError as error:
            raise CodedError("model.unreadable", file=str(path), error=os_error(error)) from error

    def score(self, rows: Rows, shift: int) -> Scores:
        """Base, factor of each group (in the order of ``meta.groups``) and risk of every row; ``shift``: its index."""
        if not 0 <= shift < len(self.meta.shifts):
            raise CodedError("model.no_shift", file=self._name, shifts=len(self.meta.shifts), shift=shift + 1)
        given = {
            "features": rows.features,
            "maps": rows.maps,
            "level": np.array([rows.level]),
            "shift": np.array([shift], dtype=np.int64),
        }
        try:
            scores = Scores(*self._session.run(list(OUTPUTS), given))
        except FAILURES as error:
            raise CodedError("model.rows_refused", file=self._name, detail=_first_line(error)) from error
        lacking = rows.features.size and np.isnan(rows.features.min())  # the smallest is NaN where any is
        if lacking or not np.isfinite(scores.risk).all():
            raise CodedError("model.not_finite", file=self._name)
        return scores

    def shares(self, rows: Rows, shift: int) -> Doubles:
        """Each map's part of the base: float64[rows, maps], a row sums to 1; 0 throughout where the base is 0."""
        parts: Doubles = rows.maps * np.array(self.meta.mixture[shift])
        whole = parts.sum(axis=1, keepdims=True)
        np.divide(parts, whole, out=parts, where=whole > 0.0)
        return parts


def risk_units(risk: Doubles) -> NDArray[np.int64]:
    """Risk in whole millionths of an incident, so that every processor draws from the same numbers."""
    return np.rint(risk / UNIT).astype(np.int64)


def _session(data: bytes, name: str) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = THREADS
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = QUIET
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except FAILURES as error:
        raise CodedError("model.not_loaded", file=name, detail=_first_line(error)) from error


def _meta(session: Any, name: str) -> ModelMeta:
    about = session.get_modelmeta()
    text = about.custom_metadata_map.get(KEY)
    if text is None:
        raise CodedError("model.no_metadata", file=name)
    if about.version != FORMAT:
        raise CodedError("model.other_format", file=name, found=about.version, format=FORMAT)
    return decode_meta(text, name)


def _check_form(session: Any, meta: ModelMeta, name: str) -> None:
    """The graph takes and gives what the metadata say."""
    inputs = {one.name: one for one in session.get_inputs()}
    kinds = {one: put.type for one, put in inputs.items()}
    outputs = {one.name: one for one in session.get_outputs()}
    if kinds != INPUTS or {one: put.type for one, put in outputs.items()} != OUTPUTS:
        raise CodedError("model.other_graph", file=name)
    widths = inputs["features"].shape[1], inputs["maps"].shape[1], outputs["factors"].shape[1]
    told = len(meta.owners), len(meta.maps), len(meta.groups)
    if widths != told:
        raise CodedError("model.other_widths", file=name, listed=[str(one) for one in told], found=[*map(str, widths)])


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0][:200]
