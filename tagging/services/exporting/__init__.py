"""Export: a dataset written out as trainers read it, as a folder or as zips (docs/architecture.md)."""

from tagging.services.exporting.folder import export_folder
from tagging.services.exporting.pictures import Progress
from tagging.services.exporting.plan import PART, STATES, LeftOut, Plan, PlannedImage, plan_export
from tagging.services.exporting.remarks import Reason, Remark
from tagging.services.exporting.rendered import NO_LIMITS, exported_extension, exported_file
from tagging.services.exporting.run import Options, Result, record
from tagging.services.exporting.staging import finish_interrupted
from tagging.services.exporting.zip_files import export_zip, known_length, stream_zip

__all__ = [
    "NO_LIMITS",
    "PART",
    "STATES",
    "LeftOut",
    "Options",
    "Plan",
    "PlannedImage",
    "Progress",
    "Reason",
    "Remark",
    "Result",
    "export_folder",
    "export_zip",
    "exported_extension",
    "exported_file",
    "finish_interrupted",
    "known_length",
    "plan_export",
    "record",
    "stream_zip",
]
