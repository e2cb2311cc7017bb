"""Fingerprints of attachments that also change with their files: who replaces a file changes nothing in WordPress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from transforms.attached_files import likely_paths, path_of, possible_originals
from wp_models.records import Record, WpPost
from wp_models.uploads import Uploads

ReadBatch = Callable[[Sequence[int]], Iterable[Record]]
BATCH_SIZE = 1_000


@dataclass(frozen=True, slots=True)
class MediaStamps:
    """Takes into account every file that converting an attachment may read: those replaced, added or removed later.

    Both ways give an attachment the same fingerprint: with its record at hand, or with the site index alone.
    """

    uploads: Uploads
    limits: str  # which files are taken at all: `MediaRules.limits`

    def stamped(self, post: WpPost) -> WpPost:
        """Return an attachment with the fingerprint of its record and its files."""
        stamp = self._where_expected(post.first_meta("_wp_attached_file"))
        return replace(post, fingerprint=self._combined(post.fingerprint, stamp or self._elsewhere(post)))

    def fingerprints(
        self, of_records: Mapping[int, str], attached_files: Mapping[int, str], read_batch: ReadBatch
    ) -> dict[int, str]:
        """Return the fingerprints of records and files, by the fingerprints of records and `_wp_attached_file`.

        Records are read of those attachments only whose file is not where WordPress looks for it.
        """
        found: dict[int, str] = {}
        missing: list[int] = []
        for key, fingerprint in of_records.items():
            stamp = self._where_expected(attached_files.get(key))
            if stamp is None:
                missing.append(key)
            else:
                found[key] = self._combined(fingerprint, stamp)
        for start in range(0, len(missing), BATCH_SIZE):
            for post in read_batch(missing[start : start + BATCH_SIZE]):
                if isinstance(post, WpPost):
                    found[post.id] = self._combined(of_records[post.id], self._elsewhere(post))
        return found

    def _where_expected(self, attached_file: str | None) -> str | None:
        """Return the stamps of the attached file and of what it may have been made of; None without such a file."""
        path = path_of(attached_file)
        if path is None or self.uploads.find_exact(path) is None:
            return None
        names = filter(None, map(self.uploads.find_exact, (path, *sorted(possible_originals(path)))))
        return self._stamps(names)

    def _elsewhere(self, post: WpPost) -> str:
        """Return the stamps of what may be taken in the place of a missing file."""
        return self._stamps(filter(None, map(self.uploads.find, likely_paths(post))))

    def _stamps(self, names: Iterable[str]) -> str:
        return "\n".join(f"{name} {self.uploads.stamp(name)}" for name in dict.fromkeys(names))

    def _combined(self, fingerprint: str, stamps: str) -> str:
        return sha256(f"{fingerprint}\n{self.limits}\n{stamps}".encode("utf-8", "surrogateescape")).hexdigest()
