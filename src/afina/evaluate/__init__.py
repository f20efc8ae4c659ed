"""How good a model is on held-out rows: validation while it trains, metrics, predictions."""
