"""What the documents refer to is there: files, headings, pictures. And a check of that can fail."""
import pathlib
import re
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
MOST_BYTES_OF_PICTURES = 1_000_000


def anchors(text):
    """Of its headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def faults(root):
    """What is wrong with the links of the documents below a folder."""
    found = []
    shown = set()
    for document in [root / "README.md", root / "CHANGELOG.md", *sorted((root / "docs").rglob("*.md"))]:
        if not document.exists():
            continue
        text = re.sub(r"^```.*?^```|`[^`\n]*`", "", document.read_text(encoding="utf-8"), flags=re.M | re.S)
        for picture, words, target in LINK.findall(text):
            if "://" in target:
                continue
            path, _, anchor = target.partition("#")
            file = (document.parent / path).resolve() if path else document
            where = f"{document.relative_to(root)}: {target}"
            if not file.exists():
                found.append(f"{where}: no such file")
            elif anchor and anchor not in anchors(file.read_text(encoding="utf-8")):
                found.append(f"{where}: no such heading")
            if picture:
                shown.add(file)
                if len(words) < 20:
                    found.append(f"{where}: what it shows is not said")
    pictures = [file for file in (root / "docs" / "pictures").rglob("*") if file.is_file()]
    found += [f"{file.relative_to(root)}: no document shows it" for file in pictures if file.resolve() not in shown]
    bytes_of_pictures = sum(file.stat().st_size for file in pictures)
    if bytes_of_pictures > MOST_BYTES_OF_PICTURES:
        found.append(f"docs/pictures: {bytes_of_pictures} bytes")
    return found


class Docs(unittest.TestCase):
    def test_every_link_leads_somewhere(self):
        self.assertEqual(faults(ROOT), [])

    def test_one_that_does_not_is_seen(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "docs" / "pictures").mkdir(parents=True)
            (root / "docs" / "pictures" / "a.webp").write_bytes(b"a")
            (root / "docs" / "pictures" / "b.webp").write_bytes(b"b" * (MOST_BYTES_OF_PICTURES + 1))
            (root / "README.md").write_text("# One, two\n[a](#one-two) [b](#three) [c](docs/none.md) ![d](docs/pictures/a.webp) `[e](none)`\n")
            self.assertEqual([fault.split(": ")[-1] for fault in faults(root)],
                             ["no such heading", "no such file", "what it shows is not said", "no document shows it", "1000002 bytes"])


if __name__ == "__main__":
    unittest.main()
