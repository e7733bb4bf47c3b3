"""Protobuf's wire format, by hand: what the published tables say, and nothing that a generator made."""


def varint(value):
    return bytes([value]) if value < 0x80 else bytes([value & 0x7F | 0x80]) + varint(value >> 7)


def message(fields):
    """A message of fields by number: texts, bytes, messages (as such dicts), numbers, flags, or lists of these."""
    return b"".join(field(number, value) for number, value in fields.items())


def field(number, value):
    if isinstance(value, list):
        return b"".join(field(number, item) for item in value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = message(value) if isinstance(value, dict) else value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def read(data):
    """The fields of a message: a list of values by number."""
    found, at = {}, 0

    def number():
        nonlocal at
        value, shift = 0, 0
        while True:
            byte, at = data[at], at + 1
            value, shift = value | (byte & 0x7F) << shift, shift + 7
            if byte < 0x80:
                return value

    while at < len(data):
        tag = number()
        if tag & 7 == 0:
            value = number()
        else:
            size = {1: 8, 5: 4}.get(tag & 7) or number()
            value, at = data[at:at + size], at + size
        found.setdefault(tag >> 3, []).append(value)
    return found


def get(data, *path):
    """The first value at a path of field numbers; the empty one where there is none."""
    for step in path:
        data = read(data).get(step, [b""])[0]
    return data


def text(data, *path):
    return bytes(get(data, *path)).decode()


def texts(data, repeated, *path):
    return [text(item, *path) for item in read(data).get(repeated, [])]
