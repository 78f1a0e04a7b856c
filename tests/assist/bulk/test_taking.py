"""Folders of recordings come in: once, whatever happens, and with a word on everything that stays out."""

import os

import pytest

from assist.bulk import listed, taking
from assist.bulk.sources import Folder, NoSuchFolder, source_at
from assist.bulk.taking import Intake, take
from assist.calls.details import Details
from assist.calls.recordings import path_of
from tests.fakes import recording


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "yesterday"
    made.mkdir()
    return made


@pytest.fixture
def bring(store, lead, folder):
    """Takes the folder in; gives (file, fate, line) in order of their names, and what was put into the work queue."""
    submitted = []

    def run(manifest=None, **options):
        source = Folder(folder, store.settings.data)
        intake = Intake(store, lead, source, lambda store, call: submitted.append(call), **options)
        if manifest is None:
            return sorted((one.file, one.fate) for one in take(intake, source))
        path = folder / "list.csv"
        path.write_bytes(manifest if isinstance(manifest, bytes) else manifest.encode())
        with listed.read(path) as lines:
            return sorted((one.file, one.fate, one.line) for one in take(intake, source, lines))

    run.submitted = submitted
    return run


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(recording(f"agent: {name}"))


def calls_of(store):
    return store.value("SELECT count(*) FROM calls")


def test_a_folder_comes_in_once_and_hidden_files_links_and_lists_never(store, folder, bring):
    put(folder, "20261101_0930_chen_1.wav", "sub/b.wav", ".hidden.wav", ".cache/c.wav")
    (folder / "empty.wav").write_bytes(b"")
    (folder / "notes.txt").write_text("words")
    (folder / "link.wav").symlink_to(folder / "sub/b.wav")
    expected = ["20261101_0930_chen_1.wav", "empty.wav", "sub/b.wav"]
    assert bring() == list(zip(expected, ["new", "refused", "new"], strict=True))
    assert bring() == list(zip(expected, ["known", "refused", "known"], strict=True))
    assert sorted(bring.submitted) == [1, 2]


def test_what_came_in_before_is_not_read_again(store, folder, bring):
    put(folder, "a.wav")
    bring()
    at = (folder / "a.wav").stat()
    (folder / "a.wav").write_bytes(recording("agent: b.wav"))
    os.utime(folder / "a.wav", ns=(at.st_atime_ns, at.st_mtime_ns))
    assert bring() == [("a.wav", "known")]
    assert calls_of(store) == 1
    assert bring(again=True) == [("a.wav", "new")]


def test_the_same_bytes_under_two_names_are_one_call(store, folder, bring):
    (folder / "a.wav").write_bytes(recording("agent: 1"))
    (folder / "b.wav").write_bytes(recording("agent: 1"))
    assert sorted(fate for _, fate in bring()) == ["known", "new"]
    assert calls_of(store) == 1


def test_one_that_is_refused_leaves_the_others_of_its_batch_alone(store, folder, bring):
    put(folder, "a.wav", "b.wav", "c.wav")
    fates = bring("file,agent\na.wav,chen\nb.wav,nobody\nc.wav,zhao\n")
    assert fates == [("a.wav", "new", 2), ("b.wav", "refused", 3), ("c.wav", "new", 4)]
    assert calls_of(store) == 2
    assert store.value("SELECT count(*) FROM recordings") == 2
    assert bring("file,agent\na.wav,chen\nb.wav,zhao\n")[:2] == [("a.wav", "known", 2), ("b.wav", "new", 3)]


def test_a_file_that_cannot_be_read_is_refused_and_the_rest_comes_in(store, folder, bring, monkeypatch):
    put(folder, "a.wav", "b.wav")
    opened = Folder.open

    def failing(self, item):
        if item.name == "a.wav":
            raise PermissionError(13, "Permission denied")
        return opened(self, item)

    monkeypatch.setattr(Folder, "open", failing)
    assert bring() == [("a.wav", "refused"), ("b.wav", "new")]


def test_a_full_disk_ends_the_import_and_what_came_in_before_stays(store, folder, bring, monkeypatch):
    put(folder, *(f"{number}.wav" for number in range(5)))
    settle, seen = taking.recordings.Intake.settle, []

    def failing(self):
        seen.append(1)
        if len(seen) == 4:
            raise taking.recordings.DiskFull(reason="No space left")
        return settle(self)

    monkeypatch.setattr(taking.recordings.Intake, "settle", failing)
    with pytest.raises(taking.recordings.DiskFull):
        bring()
    assert calls_of(store) == 3
    assert [fate for _, fate in bring()].count("new") == 2


def test_bytes_of_a_refused_line_do_not_stay(store, folder, bring, lead):
    put(folder, "a.wav")
    bring("file,agent\na.wav,nobody\n")
    assert [path for path in store.settings.recordings.rglob("*") if path.is_file()] == []


class TestManifest:
    def test_lines_without_files_and_files_without_lines_are_told(self, folder, bring):
        put(folder, "a.wav", "sub/b.wav", "extra.wav")
        assert bring("file,agent\na.wav,chen\nsub\\b.wav,chen\nc.wav,chen\n") == [
            ("a.wav", "new", 2),
            ("c.wav", "refused", 4),
            ("extra.wav", "unlisted", 0),
            ("sub/b.wav", "new", 3),
        ]

    def test_a_bad_line_and_a_second_line_are_told_and_the_others_come_in(self, folder, bring):
        put(folder, "a.wav", "b.wav", "c.wav")
        fates = bring("file,called_at\na.wav,yesterday\nb.wav,2026-11-01 09:30\nb.wav,\nc.wav,\n")
        assert ("a.wav", "refused", 2) in fates
        assert ("b.wav", "refused", 4) in fates
        assert [name for name, fate, _ in fates if fate == "new"] == ["b.wav", "c.wav"]
        assert "unlisted" not in [fate for _, fate, _ in fates]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
    def test_names_are_read_as_excel_writes_them(self, store, folder, bring, encoding):
        put(folder, "录音一.wav")
        assert bring("file,customer\n录音一.wav,王先生\n".encode(encoding)) == [("录音一.wav", "new", 2)]
        assert store.value("SELECT customer FROM calls") == "王先生"

    @pytest.mark.parametrize("name", ["../outside.wav", "/etc/hostname", "..\\outside.wav", "sub/../a.wav", "link.wav"])
    def test_no_line_reaches_out_of_the_folder(self, folder, bring, name):
        (folder.parent / "outside.wav").write_bytes(recording("agent: 1"))
        (folder / "link.wav").symlink_to(folder.parent / "outside.wav")
        put(folder, "a.wav")
        assert (name, "refused", 2) in bring(f"file\n{name}\n")


def test_the_data_folder_below_it_is_left_out(store, lead, upload, agent):
    upload(agent)
    source = Folder(store.settings.data.parent, store.settings.data)
    (source.path / "a.wav").write_bytes(recording("agent: 1"))
    assert [item.name for item in source.items()] == ["a.wav"]
    assert source.find("data/assist.db") is None
    assert source.count() == 1


def test_a_prefix_of_storage_comes_in_like_a_folder(store, lead):
    import fsspec

    files = fsspec.filesystem("memory")
    files.pipe({"/calls/day/a.wav": recording("agent: 1"), "/calls/b.wav": b"", "/other/c.wav": recording("agent: 3")})
    source = source_at("memory://calls", store.settings.data)
    intake = Intake(store, lead, source, lambda store, call: None)
    assert sorted((one.file, one.fate) for one in take(intake, source)) == [("b.wav", "refused"), ("day/a.wav", "new")]
    assert {one.file: one.fate for one in take(intake, source)}["day/a.wav"] == "known"
    assert source.find("day/a.wav").size == len(recording("agent: 1"))
    assert source.find("../other/c.wav") is None
    files.rm("/calls", recursive=True)
    files.rm("/other", recursive=True)
    with pytest.raises(NoSuchFolder):
        source_at("memory://calls", store.settings.data)


def test_details_of_the_manifest_reach_the_call(store, folder, lead, other_agent):
    put(folder, "a.wav")
    source = Folder(folder, store.settings.data)
    intake = Intake(store, lead, source, lambda store, call: None)
    assert list(intake.offer(source.find("a.wav"), Details(agent="zhao"), 7)) == []
    (taken,) = intake.flush()
    assert taken.line == 7
    assert store.value("SELECT agent_id FROM calls WHERE id = ?", [taken.call_id]) == other_agent.id
    assert path_of(store.settings, store.value("SELECT sha256 FROM calls")).exists()
