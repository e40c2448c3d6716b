"""File services."""

from __future__ import annotations

from .. import mms
from ..association import Association, associate
from ..registry import hit, miss
from ..tcp import Trace

CONTENT = bytes(n % 251 for n in range(900))
NAME = "COMTRADE/FRA00042.dat"


def open_and_read(a: Association, frsm: int = 1) -> None:
    a.ask(mms.file_open_request(NAME), mms.file_open_response(frsm, len(CONTENT)))
    a.ask(mms.file_read_request(frsm), mms.file_read_response(CONTENT[:600], more=True))
    a.ask(mms.file_read_request(frsm), mms.file_read_response(CONTENT[600:], more=False))


def failing(t: Trace, request: bytes, error: tuple[int, int]) -> None:
    a = associate(t)
    a.request(request)
    a.fail(error)
    a.release()


@hit("file-failed")
def no_such_file(t: Trace) -> None:
    """FileOpen fails: file-non-existent."""
    failing(t, mms.file_open_request("COMTRADE/NONE.dat"), mms.FILE_NON_EXISTENT)


@hit("file-failed", "read")
def read_fails(t: Trace) -> None:
    """A file is opened, its second FileRead fails, and it is closed."""
    a = associate(t)
    a.ask(mms.file_open_request(NAME), mms.file_open_response(1, len(CONTENT)))
    a.ask(mms.file_read_request(1), mms.file_read_response(CONTENT[:600], more=True))
    a.request(mms.file_read_request(1))
    a.fail(mms.FILE_OTHER)
    a.ask(mms.file_close_request(1), mms.file_close_response())
    a.release()


@hit("file-failed", "directory")
def directory_denied(t: Trace) -> None:
    """FileDirectory fails: file-access-denied."""
    failing(t, mms.file_directory_request("private"), mms.FILE_ACCESS_DENIED)


@hit("file-failed", "delete")
def delete_denied(t: Trace) -> None:
    """FileDelete fails: file-access-denied."""
    failing(t, mms.file_delete_request(NAME), mms.FILE_ACCESS_DENIED)


@hit("file-failed", "rename")
def rename_fails(t: Trace) -> None:
    """FileRename fails: file-non-existent."""
    failing(t, mms.file_rename_request("a.dat", "b.dat"), mms.FILE_NON_EXISTENT)


@hit("file-failed", "obtain")
def obtain_fails(t: Trace) -> None:
    """ObtainFile fails before the server asks for anything: file-access-denied."""
    failing(t, mms.obtain_file_request("settings.cid", "IEC/settings.cid"), mms.FILE_ACCESS_DENIED)


@miss("file-failed")
@miss("file-unclosed")
def whole_transfer(t: Trace) -> None:
    """A directory is listed, an empty one too; a file is opened, read in two blocks and closed."""
    a = associate(t)
    a.ask(mms.file_directory_request("COMTRADE"), mms.file_directory_response({NAME: len(CONTENT)}))
    a.ask(mms.file_directory_request("EMPTY"), mms.file_directory_response({}))
    open_and_read(a)
    a.ask(mms.file_close_request(1), mms.file_close_response())
    a.release()


@miss("file-unclosed", "id-reused")
def same_id_again(t: Trace) -> None:
    """Two files after each other with the same frsmID, both closed."""
    a = associate(t)
    for _ in range(2):
        open_and_read(a)
        a.ask(mms.file_close_request(1), mms.file_close_response())
    a.release()


@hit("file-unclosed")
def not_closed(t: Trace) -> None:
    """A file is opened and read to its end, but not closed before the association is released."""
    a = associate(t)
    open_and_read(a)
    a.release()


@hit("file-unclosed", "number-given-anew")
def number_given_anew(t: Trace) -> None:
    """A file is read to its end and left open; the server gives its number to the next, which is closed."""
    a = associate(t)
    open_and_read(a)
    open_and_read(a)
    a.ask(mms.file_close_request(1), mms.file_close_response())
    a.release()


@hit("file-unclosed", "broken-off", must={"file-failed": 1})
def broken_off(t: Trace) -> None:
    """The second FileRead fails, and the client leaves the file open."""
    a = associate(t)
    a.ask(mms.file_open_request(NAME), mms.file_open_response(1, len(CONTENT)))
    a.ask(mms.file_read_request(1), mms.file_read_response(CONTENT[:600], more=True))
    a.request(mms.file_read_request(1))
    a.fail(mms.FILE_OTHER)
    t.wait(20)
    a.read_status()
    a.release()


@hit("limit-reached", "open-files", count=2, must={"file-unclosed": 200})
def too_many_open_files(t: Trace) -> None:
    """257 files are opened and none is closed: more than are followed."""
    a = associate(t)
    for number in range(257):
        a.ask(mms.file_open_request(f"f{number}.dat"), mms.file_open_response(number, 100))
    a.release()


@miss("file-unclosed", "capture-end")
def capture_ends(t: Trace) -> None:
    """The capture ends while a file is being read."""
    a = associate(t)
    open_and_read(a)
