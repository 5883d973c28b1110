"""What the body of every signed kind has: it grows, and may say what a reader must know to obey it.

A reader passes over fields that it does not know, unless the body says that they must be understood.
"""

from typing import Annotated

from pydantic import BaseModel, Field

from edge.text.strictness import SENT

Name = Annotated[str, Field(min_length=1, max_length=63)]


class SignedBody(BaseModel):
    """``must_understand``: fields or rules without which it must not be obeyed.

    It is written only where there is any: software of before it knows no such field, and would refuse the document.
    """

    model_config = SENT
    must_understand: tuple[Name, ...] = Field((), max_length=20, exclude_if=lambda names: not names)
