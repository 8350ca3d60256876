"""Teaches papermill the TypeScript of a notebook's parameters.

papermill loads this module on every start, by the entry point of its engine.
"""

from papermill.engines import NBClientEngine
from papermill.translators import papermill_translators

from .translator import TypeScriptTranslator

__all__ = ["Engine", "TypeScriptTranslator"]


class Engine(NBClientEngine):
    """papermill's own engine: only the translator below is new."""


papermill_translators.register("typescript", TypeScriptTranslator)
