"""``manage.py i18n update|compile|check``: the English catalogues of all apps."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from zhiheng.webkit import catalogue
from zhiheng.webkit.catalogue import App

PACKAGE = "zhiheng"
# Packages that are no app: their few messages live in the catalogue of the web app.
HOSTED_BY_WEB = ("config", "cli.py")


def our_apps() -> list[App]:
    """Return the product's apps with their sources."""
    found = []
    for config in apps.get_app_configs():
        if not config.name.startswith(f"{PACKAGE}."):
            continue
        folder = Path(config.path)
        hosted = [folder.parent / name for name in HOSTED_BY_WEB] if config.label == "web" else []
        existing = tuple(path for path in (folder, *hosted) if path.exists())
        found.append(App(config.label, existing, folder.parent))
    return found


class Command(BaseCommand):
    """Keep, compile or check the English catalogues; needs no gettext programs."""

    help = "update: bring catalogues up to the sources; compile: write .mo; check: fail on missing English"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["update", "compile", "check"])
        parser.add_argument("apps", nargs="*", help="app labels; all when left out")

    def handle(self, *, verb: str, **options: object) -> None:
        every = our_apps()
        labels = {app.label for app in every}
        wanted = options["apps"] or sorted(labels)
        if unknown := set(wanted) - labels:
            raise CommandError(f"no such app: {', '.join(sorted(unknown))}")
        chosen = [app for app in every if app.label in wanted]
        getattr(self, verb)(chosen, every)

    def update(self, chosen: list[App], every: list[App]) -> None:
        """Bring the catalogues up to the sources."""
        known = catalogue.known_translations(every)
        for app in chosen:
            merged = catalogue.merged(app, known)
            if not len(merged) and not app.po_path.exists():
                continue
            catalogue.save(app, merged)
            missing = len(merged) - len(merged.translated_entries())
            self.stdout.write(f"{app.label}: {len(merged)} messages, {missing} without English")

    def compile(self, chosen: list[App], every: list[App]) -> None:
        """Write the binary catalogues."""
        done = [app.label for app in chosen if catalogue.compile_catalogue(app)]
        self.stdout.write(f"compiled: {', '.join(done) or 'nothing'}")

    def check(self, chosen: list[App], every: list[App]) -> None:
        """Fail when a message has no finished English."""
        found = [fault for app in chosen for fault in catalogue.faults(app)]
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{len(found)} faults in the messages")
        self.stdout.write("messages: complete")
