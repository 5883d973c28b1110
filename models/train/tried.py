"""What was tried while the way of training was tuned, on Chicago 2012 to 2017, and what it gave: every card says it.

Differences of D² on every 4th day of 2017. Must be kept in step with `models.train.settings` and the recipe.
"""

from typing import Final

from edge.risk.card import Tried

_GAVE: Final = (
    ("Trees on top of the base.", "Kept: D² +0.0050 theft, +0.0030 robbery, +0.0019 burglary."),
    ("Other types' maps in the base.", "Kept: D² +0.0012 to +0.005 by type."),
    ("Ratios of maps as features.", "Kept: D² +0.0017 theft, 0.0000 robbery."),
    ("Smaller leaves, a longer window, more rounds.", "Kept: D² +0.0001 to +0.0004."),
    ("The average of three seeds.", "Left out: D² 0.0000, hits at 1% within 0.1%."),
    ("Held-out weeks ended later, or a second fit to all days.", "Left out: nothing beyond a fit's own noise."),
    ("Rows weighted by a power of their risk.", "Left out: no sign common to theft, assault and robbery."),
    ("Blends of base and trees.", "Left out: D² +0.0003 theft at the most, 0.0000 others."),
    ("More half-lives, weekday maps, last years' season.", "Left out: 0.0000 with the same trees."),
    ("One booster for assault and robbery together.", "Not adopted yet: D² +0.0005 to +0.0007 for each."),
)
TRIED: Final = tuple(Tried(what=what, gave=gave) for what, gave in _GAVE)
