"""A grpcio client of the policy registry. Messages are bytes: what is looked for in them is text. One line a finding."""
import sys

import grpc

service, alice = "/macp.v1.MACPRuntimeService/", (("authorization", "Bearer alice"),)


def report(name, value):
    print(f"{name}={value}", flush=True)


def text(number, value):
    return bytes([number << 3 | 2, len(value)]) + value


def failure(name, run):
    try:
        run()
        report(name, "no failure")
    except grpc.RpcError as e:
        report(name, e.code().name)


with grpc.insecure_channel(sys.argv[1]) as channel:
    watch = channel.unary_stream(service + "WatchPolicies")
    lists = watch(b"", metadata=alice, timeout=30)
    report("first", b"policy.default" in next(lists))
    descriptor = text(1, b"policy.python") + text(2, b"macp.mode.decision.v1") + text(3, b"d") + text(4, b"{}") + bytes([5 << 3, 3])
    register = channel.unary_unary(service + "RegisterPolicy")
    report("registered", register(text(1, descriptor), metadata=alice) == b"\x08\x01")
    report("second", b"policy.python" in next(lists))
    lists.cancel()
    report("again", b"already registered" in register(text(1, descriptor), metadata=alice))
    failure("register_nobody", lambda: register(text(1, descriptor)))
    failure("register_nothing", lambda: register(b"", metadata=alice))
    failure("watch_nobody", lambda: next(watch(b"")))
    failure("get_unknown", lambda: channel.unary_unary(service + "GetPolicy")(text(1, b"x"), metadata=alice))
    report("listed", b"policy.python" in channel.unary_unary(service + "ListPolicies")(b"", metadata=alice))
