"""Running files of worked cases through the installed code."""

from __future__ import annotations

from collabdesk.services.validation.report import CaseResult, FileReport, Verdict, passed
from collabdesk.services.validation.runner import run_files
from collabdesk.services.validation.topics import TOPICS

__all__ = ["TOPICS", "CaseResult", "FileReport", "Verdict", "passed", "run_files"]
