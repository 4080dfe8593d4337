#!/usr/bin/env python
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagger_site.settings")
    from django import get_version  # noqa: PLC0415 - settings first
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    from tagger_site import VERSION  # noqa: PLC0415

    arguments = sys.argv[1:]
    if arguments in (["--version"], ["version"]):
        sys.stdout.write(f"Tagger {VERSION} (Django {get_version()})\n")
        return
    if arguments[:1] == ["--beside"]:
        from tagging.management.beside import end_with_server  # noqa: PLC0415 - `start` alone asks for it

        end_with_server()
        del sys.argv[1]
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        if "--traceback" in arguments:
            raise
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
