"""Build hook: a built copy carries resources/ inside; a checkout reads them at the root."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithResources(build_py):
    """Copy resources/ to collabdesk/resources, where host.paths.resource() looks first."""

    def run(self) -> None:
        """Build the modules, then add the resources unless this is an editable install."""
        super().run()
        if not self.editable_mode:
            shutil.copytree(
                "resources", Path(self.build_lib, "collabdesk", "resources"), dirs_exist_ok=True
            )


setup(cmdclass={"build_py": BuildWithResources})
