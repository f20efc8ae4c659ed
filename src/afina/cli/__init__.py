"""The command line: parse, call afina.api, show. Nothing here imports torch."""
