"""One module for each topic; importing this package registers all of them."""

from importlib import import_module
from pkgutil import iter_modules

for module in sorted(info.name for info in iter_modules(__path__)):
    import_module(f"{__name__}.{module}")
