"""Translate the modules to C and compile them; everything else is in ``pyproject.toml``."""

from Cython.Build import cythonize
from setuptools import Extension, setup

MODULES = ("building", "spotting", "tagging", "text")

setup(
    ext_modules=cythonize(
        [
            Extension(
                f"sanctions_monitor_compiled.{name}",
                [f"sanctions_monitor_compiled/{name}.pyx"],
                extra_compile_args=["-O3", "-g0"],
            )
            for name in MODULES
        ],
        build_dir="build",
        compiler_directives={"language_level": 3, "boundscheck": False, "wraparound": False},
    )
)
