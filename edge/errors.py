"""The errors a user can mend. Must not import anything of the project."""


class UserError(Exception):
    """Bad input. The text is one sentence that names the file, key or field, and the mend; exit status 2."""
