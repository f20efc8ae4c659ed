"""Models: what they are (facts), where they lie (locate, hub), and how they are built, saved and used again (load, save, adapters).

facts, locate and hub import no torch; the rest does, so nothing is re-exported here.
"""

from afina.models import quiet as quiet
