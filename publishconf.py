"""What differs in public: drafts and posts that wait for their day are not written at all."""

import runpy
from pathlib import Path

# Read anew for every build, where an import would keep the settings of the first one in a process.
_SETTINGS = runpy.run_path(str(Path(__file__).with_name("pelicanconf.py")))
globals().update({name: value for name, value in _SETTINGS.items() if name.isupper()})

PREVIEW = False
DRAFT_SAVE_AS = DRAFT_LANG_SAVE_AS = DRAFT_PAGE_SAVE_AS = DRAFT_PAGE_LANG_SAVE_AS = ""
DRAFT_TALK_SAVE_AS = DRAFT_TALK_LANG_SAVE_AS = ""
