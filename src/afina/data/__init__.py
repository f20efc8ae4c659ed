"""From a data file to tokenised examples: no torch, no transformers. The road is in `prepare.py`."""
