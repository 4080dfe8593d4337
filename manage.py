#!/usr/bin/env python
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagger_site.settings")
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - settings first

    try:
        run(sys.argv)
    except ImproperlyConfigured as problem:
        if "--traceback" in sys.argv:
            raise
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)


def run(arguments: list[str]) -> None:
    from django import get_version  # noqa: PLC0415 - settings first
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - settings first

    from tagger_site import VERSION  # noqa: PLC0415 - only for `--version`

    if arguments[1:] in (["--version"], ["version"]):
        sys.stdout.write(f"Tagger {VERSION} (Django {get_version()})\n")
        return
    if arguments[1:2] == ["--beside"]:
        from tagging.management.beside import end_with_server  # noqa: PLC0415 - `start` alone asks for it

        del arguments[1]
        end_with_server()
    execute_from_command_line(arguments)


if __name__ == "__main__":
    main()
