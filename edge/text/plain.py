"""Text from elsewhere as a line of ours can hold it: every character printable, none that turns the line round."""

ELLIPSIS = "…"


def plain(text: str, longest: int) -> str:
    """At most so many characters; what is not printable is written as Python writes it."""
    cut = text[: longest + 1]
    shown = cut if cut.isprintable() else "".join(one if one.isprintable() else repr(one)[1:-1] for one in cut)
    return shown if len(shown) <= longest else shown[: longest - 1] + ELLIPSIS
