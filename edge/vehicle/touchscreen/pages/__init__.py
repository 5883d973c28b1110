"""The pages, a module each; each has a folder of its name in ``templates/`` and ``static/``."""
