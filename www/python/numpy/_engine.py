"""The engine's functions by their names without `np_`, whatever Python has by that name.

Only for `_engine.name`: `len`, `int` and `slice` are among them.
"""

import _danlu

for _name in dir(_danlu):
    if _name.startswith("np_"):
        globals()[_name[3:]] = getattr(_danlu, _name)
