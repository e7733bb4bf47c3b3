"""A grpcio client of the test's server. Messages are google.protobuf.StringValue, written by hand. One line a finding."""
import sys
import threading

import grpc

target = sys.argv[1]
service = "/test.v1.Echo/"


def encode(text):
    data = text.encode()
    size, length = len(data), b""
    while size > 0x7F:
        length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
    return b"\x0a" + length + bytes([size]) + data if data else b""


def decode(data):
    at = 1
    while at < len(data) and data[at] & 0x80:
        at += 1
    return data[at + 1:].decode()


def report(name, value):
    print(f"{name}={value}", flush=True)


def failure(name, run):
    try:
        run()
        report(name, "no failure")
    except grpc.RpcError as e:
        report(name, f"{e.code().name} {ascii(e.details())}")


with grpc.insecure_channel(target) as channel:
    unary = channel.unary_unary(service + "Unary", encode, decode)
    stream = channel.unary_stream(service + "Responses", encode, decode)
    duplex = channel.stream_stream(service + "Duplex", encode, decode)

    answer, call = unary.with_call("hello", metadata=(("x-text", "a"), ("x-data-bin", b"\x00\xff\x01")))
    report("unary", answer)
    report("initial", dict(call.initial_metadata()).get("x-text"))
    report("trailing", dict(call.trailing_metadata()).get("x-data-bin"))
    report("large", len(unary("x" * 1_000_000)))
    report("stream", "".join(stream("stream")))
    report("empty", list(stream("")))
    report("duplex", list(duplex(iter(["one", "two", "three"]))))
    failure("error", lambda: unary("fail"))
    failure("stream_error", lambda: list(stream("fail")))
    failure("unimplemented", lambda: channel.unary_unary(service + "Absent", encode, decode)("x"))
    failure("compressed", lambda: unary("x" * 1000, compression=grpc.Compression.Gzip))
    failure("deadline", lambda: unary("wait", timeout=0.2))
    failure("duplex_deadline", lambda: list(duplex(iter(["wait"]), timeout=0.2)))

    ready = threading.Event()
    pending = stream("wait")
    threading.Thread(target=lambda: (next(pending), ready.set()), daemon=True).start()
    ready.wait(10)
    pending.cancel()
    failure("cancel", lambda: next(pending))
    report("seen", unary("cancelled?"))
