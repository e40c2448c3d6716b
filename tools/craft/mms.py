"""MMS PDUs and services (ISO 9506-2). A service function gives the element that goes into a PDU.

Names are written as in the program's output: "DOMAIN/ITEM", a bare name is VMD-specific, "@NAME" is
specific to the association.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import ber
from .ber import tlv

# getNameList objectClass
NAMED_VARIABLE, NAMED_VARIABLE_LIST, JOURNAL, DOMAIN = 0, 2, 8, 9
# ServiceError classes (tag in errorClass) with the codes that the scenarios use
DEFINITION_OBJECT_UNDEFINED = (0x82, 1)
DEFINITION_OBJECT_EXISTS = (0x82, 5)
RESOURCE_CAPABILITY_UNAVAILABLE = (0x83, 4)
SERVICE_PRIMITIVES_OUT_OF_SEQUENCE = (0x84, 1)
SERVICE_OBJECT_CONSTRAINT_CONFLICT = (0x84, 5)
PREEMPT_CANCEL = (0x85, 3)
ACCESS_NON_EXISTENT = (0x87, 2)
ACCESS_DENIED = (0x87, 3)
INITIATE_OTHER = (0x88, 0)
INITIATE_VERSION_INCOMPATIBLE = (0x88, 1)
CANCEL_INVOKE_ID_UNKNOWN = (0x8A, 1)
FILE_OTHER = (0x8B, 0)
FILE_ACCESS_DENIED = (0x8B, 6)
FILE_NON_EXISTENT = (0x8B, 7)
# rejectPDU reasons
UNRECOGNIZED_SERVICE = (0x81, 1)
INVALID_ARGUMENT = (0x81, 4)
MAX_OUTSTANDING_EXCEEDED = (0x81, 6)
UNKNOWN_PDU_TYPE = (0x85, 0)

CLIENT_SERVICES = {0, 1, 2, 4, 5, 6, 11, 12, 13, 37, 44, 46, 65, 66, 67, 68, 71, 72, 73, 74, 76, 77, 78, 79, 83, 84}
SERVER_SERVICES = {0, 1, 2, 4, 5, 6, 11, 12, 13, 46, 65, 67, 72, 73, 74, 76, 77, 79, 83, 84}


# --- PDUs ---
def confirmed_request(invoke: int, service: bytes) -> bytes:
    return tlv(0xA0, ber.integer(invoke), service)


def confirmed_response(invoke: int, service: bytes) -> bytes:
    return tlv(0xA1, ber.integer(invoke), service)


def confirmed_error(invoke: int, error: tuple[int, int], specific: bytes = b"") -> bytes:
    return tlv(0xA2, ber.integer(invoke, 0x80), tlv(0xA2, service_error(error, specific)))


def service_error(error: tuple[int, int], specific: bytes = b"") -> bytes:
    error_class, code = error
    return tlv(0xA0, ber.integer(code, error_class)) + (tlv(0xA3, specific) if specific else b"")


def unconfirmed(service: bytes) -> bytes:
    return tlv(0xA3, service)


def reject(invoke: int | None, reason: tuple[int, int]) -> bytes:
    kind, code = reason
    return tlv(0xA4, b"" if invoke is None else ber.integer(invoke, 0x80), ber.integer(code, kind))


def cancel_request(invoke: int) -> bytes:
    return ber.integer(invoke, 0x85)


def cancel_response(invoke: int) -> bytes:
    return ber.integer(invoke, 0x86)


def cancel_error(invoke: int, error: tuple[int, int]) -> bytes:
    return tlv(0xA7, ber.integer(invoke, 0x80), tlv(0xA1, service_error(error)))


def initiate(
    tag: int, detail: int | None, calling: int, called: int, nesting: int, services: set[int], cbb: str = "11110001000"
) -> bytes:
    return tlv(
        tag,
        b"" if detail is None else ber.integer(detail, 0x80),
        ber.integer(calling, 0x81),
        ber.integer(called, 0x82),
        ber.integer(nesting, 0x83),
        tlv(0xA4, ber.integer(1, 0x80), ber.bit_string(cbb, 0x81), ber.bit_string(ber.bit_set(services, 85), 0x82)),
    )


def initiate_request(detail: int | None = 65000, calling: int = 5, called: int = 5, nesting: int = 10) -> bytes:
    return initiate(0xA8, detail, calling, called, nesting, CLIENT_SERVICES)


def initiate_response(
    detail: int | None = 65000, calling: int = 5, called: int = 5, nesting: int = 10, services: set[int] | None = None
) -> bytes:
    return initiate(0xA9, detail, calling, called, nesting, SERVER_SERVICES if services is None else services)


def initiate_error(error: tuple[int, int]) -> bytes:
    return tlv(0xAA, service_error(error))


CONCLUDE_REQUEST = ber.null(0x8B)
CONCLUDE_RESPONSE = ber.null(0x8C)


def conclude_error(error: tuple[int, int]) -> bytes:
    return tlv(0xAD, service_error(error))


# --- names and access specifications ---
def object_name(name: str) -> bytes:
    if name.startswith("@"):
        return ber.text(name[1:], 0x82)
    if "/" in name:
        domain, item = name.split("/", 1)
        return tlv(0xA1, ber.text(domain), ber.text(item))
    return ber.text(name, 0x80)


def variable(name: str) -> bytes:
    return tlv(0x30, tlv(0xA0, object_name(name)))


def variables(names: Sequence[str]) -> bytes:
    return tlv(0xA0, *map(variable, names))


def variable_list(name: str) -> bytes:
    return tlv(0xA1, object_name(name))


# --- environment and variable services ---
def status_request() -> bytes:
    return ber.boolean(False, 0x80)


def status_response(logical: int = 0, physical: int = 0) -> bytes:
    return tlv(0xA0, ber.integer(logical, 0x80), ber.integer(physical, 0x81))


def identify_request() -> bytes:
    return ber.null(0x82)


def identify_response(vendor: str = "VENDOR", model: str = "IED1", revision: str = "1.0") -> bytes:
    return tlv(0xA2, ber.text(vendor, 0x80), ber.text(model, 0x81), ber.text(revision, 0x82))


def get_name_list_request(kind: int, domain: str | None = None, after: str | None = None) -> bytes:
    scope = ber.null(0x80) if domain is None else ber.text(domain, 0x81)
    more = b"" if after is None else ber.text(after, 0x82)
    return tlv(0xA1, tlv(0xA0, ber.integer(kind, 0x80)), tlv(0xA1, scope), more)


def get_name_list_response(names: Sequence[str], more: bool = False) -> bytes:
    return tlv(0xA1, tlv(0xA0, *map(ber.text, names)), ber.boolean(more, 0x81))


def get_capability_list_request() -> bytes:
    return tlv(0xBF47)


def read_request(names: Sequence[str]) -> bytes:
    return tlv(0xA4, tlv(0xA1, variables(names)))


def read_list_request(name: str, with_specification: bool = False) -> bytes:
    flag = ber.boolean(True, 0x80) if with_specification else b""
    return tlv(0xA4, flag, tlv(0xA1, variable_list(name)))


def read_response(results: Sequence[bytes], specification: bytes = b"") -> bytes:
    echo = tlv(0xA0, specification) if specification else b""
    return tlv(0xA4, echo, tlv(0xA1, *results))


def write_request(names: Sequence[str], values: Sequence[bytes]) -> bytes:
    return tlv(0xA5, variables(names), tlv(0xA0, *values))


def write_response(codes: Sequence[int | None]) -> bytes:
    """A result for each variable: None is success, a number is the DataAccessError."""
    return tlv(0xA5, *(ber.null(0x81) if code is None else ber.integer(code, 0x80) for code in codes))


def information_report(specification: bytes, results: Sequence[bytes]) -> bytes:
    return unconfirmed(tlv(0xA0, specification, tlv(0xA0, *results)))


def get_variable_access_attributes_request(name: str) -> bytes:
    return tlv(0xA6, tlv(0xA0, object_name(name)))


def get_variable_access_attributes_response(type_specification: bytes) -> bytes:
    return tlv(0xA6, ber.boolean(False, 0x80), tlv(0xA2, type_specification))


def type_structure(members: dict[str, bytes]) -> bytes:
    components = (tlv(0x30, ber.text(name, 0x80), tlv(0xA1, spec)) for name, spec in members.items())
    return tlv(0xA2, tlv(0xA1, *components))


TYPE_BOOLEAN = ber.null(0x83)
TYPE_UTC_TIME = ber.null(0x91)


def type_bits(size: int) -> bytes:
    return ber.integer(size, 0x84)


def type_integer(width: int) -> bytes:
    return ber.integer(width, 0x85)


def type_unsigned(width: int) -> bytes:
    return ber.integer(width, 0x86)


def type_string(size: int) -> bytes:
    return ber.integer(size, 0x8A)


def type_octets(size: int) -> bytes:
    return ber.integer(size, 0x89)


# --- named variable lists ---
def define_named_variable_list_request(name: str, members: Sequence[str]) -> bytes:
    return tlv(0xAB, object_name(name), tlv(0xA0, *map(variable, members)))


def define_named_variable_list_response() -> bytes:
    return ber.null(0x8B)


def get_named_variable_list_attributes_request(name: str) -> bytes:
    return tlv(0xAC, object_name(name))


def get_named_variable_list_attributes_response(members: Sequence[str], deletable: bool = False) -> bytes:
    return tlv(0xAC, ber.boolean(deletable, 0x80), tlv(0xA1, *map(variable, members)))


def delete_named_variable_list_request(names: Sequence[str]) -> bytes:
    return tlv(0xAD, tlv(0xA1, *map(object_name, names)))


def delete_named_variable_list_response(matched: int, deleted: int) -> bytes:
    return tlv(0xAD, ber.integer(matched, 0x80), ber.integer(deleted, 0x81))


# --- files ---
MODIFIED = "20260301120000.000Z"


def file_name(name: str) -> bytes:
    return ber.text(name, 0x19)


def file_attributes(size: int) -> bytes:
    return ber.integer(size, 0x80) + ber.text(MODIFIED, 0x81)


def file_open_request(name: str, position: int = 0) -> bytes:
    return tlv(0xBF48, tlv(0xA0, file_name(name)), ber.integer(position, 0x81))


def file_open_response(frsm: int, size: int) -> bytes:
    return tlv(0xBF48, ber.integer(frsm, 0x80), tlv(0xA1, file_attributes(size)))


def file_read_request(frsm: int) -> bytes:
    return ber.integer(frsm, 0x9F49)


def file_read_response(content: bytes, more: bool) -> bytes:
    return tlv(0xBF49, tlv(0x80, content), ber.boolean(more, 0x81))


def file_close_request(frsm: int) -> bytes:
    return ber.integer(frsm, 0x9F4A)


def file_close_response() -> bytes:
    return ber.null(0x9F4A)


def file_rename_request(old: str, new: str) -> bytes:
    return tlv(0xBF4B, tlv(0xA0, file_name(old)), tlv(0xA1, file_name(new)))


def file_rename_response() -> bytes:
    return ber.null(0x9F4B)


def file_delete_request(name: str) -> bytes:
    return tlv(0xBF4C, file_name(name))


def file_delete_response() -> bytes:
    return ber.null(0x9F4C)


def file_directory_request(name: str | None = None) -> bytes:
    return tlv(0xBF4D, tlv(0xA0, file_name(name)) if name else b"")


def file_directory_response(files: dict[str, int], tagged_explicitly: bool = True) -> bytes:
    """The module says [0] EXPLICIT; some stacks leave the list's own tag out."""
    entries = [tlv(0x30, tlv(0xA0, file_name(n)), tlv(0xA1, file_attributes(s))) for n, s in files.items()]
    return tlv(0xBF4D, tlv(0xA0, tlv(0x30, *entries)) if tagged_explicitly else tlv(0xA0, *entries))


def obtain_file_request(source: str, destination: str) -> bytes:
    return tlv(0xBF2E, tlv(0xA1, file_name(source)), tlv(0xA2, file_name(destination)))


def obtain_file_response() -> bytes:
    return ber.null(0x9F2E)


# --- journals ---
def read_journal_request(name: str, start: bytes, stop: bytes) -> bytes:
    """`start` and `stop` are six octets of TimeOfDay."""
    return tlv(0xBF41, tlv(0xA0, object_name(name)), tlv(0xA1, tlv(0x80, start)), tlv(0xA2, tlv(0x80, stop)))


def journal_entry(identifier: bytes, time: bytes, values: dict[str, bytes]) -> bytes:
    logged = (tlv(0x30, ber.text(tag, 0x80), tlv(0xA1, value)) for tag, value in values.items())
    content = tlv(0xA2, tlv(0x80, time), tlv(0xA2, tlv(0xA1, *logged)))
    return tlv(0x30, tlv(0x80, identifier), tlv(0xA1, tlv(0x30)), content)


def read_journal_response(entries: Sequence[bytes]) -> bytes:
    return tlv(0xBF41, tlv(0xA0, *entries))
