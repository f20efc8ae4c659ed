"""What can be wrong with a data file: one check a file, registered under the name of its finding."""

from __future__ import annotations

from afina.data.checks import bad_number as bad_number
from afina.data.checks import broken_row as broken_row
from afina.data.checks import constant_answer as constant_answer
from afina.data.checks import contradictory_label as contradictory_label
from afina.data.checks import control_characters as control_characters
from afina.data.checks import control_tokens as control_tokens
from afina.data.checks import copied_answer as copied_answer
from afina.data.checks import coverage as coverage
from afina.data.checks import cut_text as cut_text
from afina.data.checks import empty_field as empty_field
from afina.data.checks import encoding as encoding
from afina.data.checks import exact_duplicate as exact_duplicate
from afina.data.checks import html as html
from afina.data.checks import imbalance as imbalance
from afina.data.checks import invisible_characters as invisible_characters
from afina.data.checks import label_error as label_error
from afina.data.checks import label_spelling as label_spelling
from afina.data.checks import language as language
from afina.data.checks import leak_field as leak_field
from afina.data.checks import leak_row as leak_row
from afina.data.checks import missing_word as missing_word
from afina.data.checks import mojibake as mojibake
from afina.data.checks import near_duplicate as near_duplicate
from afina.data.checks import outer_space as outer_space
from afina.data.checks import personal_data as personal_data
from afina.data.checks import placeholder as placeholder
from afina.data.checks import rare_class as rare_class
from afina.data.checks import refusal as refusal
from afina.data.checks import repeated_header as repeated_header
from afina.data.checks import split_shift as split_shift
from afina.data.checks import too_long as too_long
from afina.data.checks import turn_order as turn_order
from afina.data.checks import unusual_length as unusual_length
from afina.data.checks import url_only as url_only
from afina.data.checks.base import CHECKS, Check, Finding, Subject, run

__all__ = ["CHECKS", "Check", "Finding", "Subject", "run"]
