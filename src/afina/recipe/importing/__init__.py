"""Recipes of other tools, read as recipes of afina: every key carried over, or said why not. One file a source."""

from afina.recipe.importing import axolotl, llama_factory, trl
from afina.recipe.importing.base import SOURCES, Source
from afina.recipe.importing.read import Entry, Imported, import_recipe
from afina.recipe.importing.write import recipe_text

__all__ = ["SOURCES", "Entry", "Imported", "Source", "axolotl", "import_recipe", "llama_factory", "recipe_text", "trl"]
