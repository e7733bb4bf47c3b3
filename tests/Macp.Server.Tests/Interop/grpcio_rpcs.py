"""A grpcio client of every method: its success and its refusals, one line a method. Who may what is as the test's own authentication says."""
import queue
import sys

import grpc

from wire import get, message, text, texts

SERVICE, DECISION, EXTENSION, FINISHED = "/macp.v1.MACPRuntimeService/", "macp.mode.decision.v1", "ext.python.v1", ("macp-include-finished", "1")
SESSIONS = [f"python-session-{n:0>16}" for n in range(3)]
STATES = ["", "OPEN", "RESOLVED", "EXPIRED", "SUSPENDED", "CANCELLED"]
EVENTS = ["", "CREATED", "RESOLVED", "EXPIRED", "SUSPENDED", "RESUMED", "CANCELLED"]
channel = grpc.insecure_channel(sys.argv[1])
identifiers = iter(range(1000))


def report(method, *findings):
    print(f"{method}={', '.join(str(finding) for finding in findings)}", flush=True)


def options(sender, *metadata):
    return {"metadata": ([("authorization", f"Bearer {sender}")] if sender else []) + list(metadata), "timeout": 30}


def call(method, request, sender, *metadata):
    """The response, or the name of the status."""
    try:
        return channel.unary_unary(SERVICE + method)(message(request), **options(sender, *metadata))
    except grpc.RpcError as e:
        return e.code().name


def watch(method, sender):
    """A watch that has begun."""
    stream = channel.unary_stream(SERVICE + method)(b"", **options(sender))
    stream.initial_metadata()
    return stream


def following(stream):
    """What a stream tells next, or the name of the status with which it ends."""
    try:
        return next(stream, "OK")
    except grpc.RpcError as e:
        return e.code().name


def envelope(session, kind, payload, mode=DECISION, identifier=None):
    return {1: "1.0", 2: mode, 3: kind, 4: identifier or f"m{next(identifiers)}", 5: session, 8: message(payload)}


def start(session, ttl=60_000):
    return envelope(session, "SessionStart", {2: ["alice", "bob"], 3: "1.0.0", 4: "config.default", 6: ttl}, identifier="start")


def proposal(session, identifier=None):
    return envelope(session, "Proposal", {1: identifier or "p", 2: "an option"}, identifier=identifier)


def send(sender, sent):
    return ack(call("Send", {1: sent}, sender))


def ack(response):
    """The state or the code of an ack, or the name of a status."""
    if isinstance(response, str):
        return response
    if not get(response, 1, 1):
        return text(response, 1, 7, 1)
    return ("again " if get(response, 1, 2) else "") + STATES[get(response, 1, 6)]


def answer(response):
    """Whether a registry did it, or what it said, or the name of a status."""
    return response if isinstance(response, str) else True if get(response, 1) else text(response, 2).split("; ")[0]


class Stream:
    """A StreamSession call."""

    def __init__(self, sender):
        self.frames = queue.Queue()
        self.responses = channel.stream_stream(SERVICE + "StreamSession")(iter(self.frames.get, None), **options(sender))

    def write(self, frame):
        self.frames.put(message(frame))
        return self

    def next(self):
        response = following(self.responses)
        return response if isinstance(response, str) else text(response, 1, 4) or text(response, 2, 1)

    def end(self):
        self.frames.put(None)
        return self.next()


def initialize():
    agreed = call("Initialize", {1: ["9.0", "1.0"]}, None)
    report("Initialize", text(agreed, 1), DECISION in texts(agreed, 4), call("Initialize", {}, None), call("Initialize", {1: ["9.0"]}, None))


def sending():
    first = [send("ini", start(session)) for session in SESSIONS]
    report("Send", *first, send("ini", start(SESSIONS[0])), send("ini", {**start(SESSIONS[0]), 4: "other"}), send(None, proposal(SESSIONS[0])),
           send("mallory", proposal(SESSIONS[0])), send("alice", proposal("unheard")), ack(call("Send", {}, "alice")))


def streaming():
    session = SESSIONS[0]
    member, outsider = Stream("alice"), Stream("mallory")
    member.responses.initial_metadata()
    findings = [member.write({1: proposal(session, "first")}).next(), member.write({1: proposal(session, "second")}).next(),
                member.write({1: envelope(session, "Nonsense", {})}).next(), member.write({1: proposal(session, "third")}).next(), member.end()]
    findings += [outsider.write({1: proposal(session)}).next(), outsider.write({2: session}).next(), outsider.write({2: session, 1: proposal(session)}).next()]
    reader = Stream("bob").write({2: session, 3: 2})
    findings += [reader.next(), reader.next(), reader.end()]
    findings += [Stream("bob").write({2: "unheard"}).next(), Stream("bob").write({}).next(), Stream(None).next()]
    report("StreamSession", *findings)


def reading():
    found = call("GetSession", {1: SESSIONS[0]}, "bob")
    report("GetSession", text(found, 1, 1) == SESSIONS[0], STATES[get(found, 1, 3)], texts(get(found, 1), 9), text(call("GetSession", {1: SESSIONS[0]}, "olga"), 1, 11),
           call("GetSession", {1: SESSIONS[0]}, "mallory"), call("GetSession", {1: "unheard"}, "mallory"), call("GetSession", {1: SESSIONS[0]}, None))


def controlling():
    session, watched = SESSIONS[1], watch("WatchSessions", "bob")
    at_first = {text(following(watched), 1, 2, 1) for _ in SESSIONS}

    def refusals(method):
        return [ack(call(method, {1: who[1]}, who[0])) for who in [("alice", session), ("ini", "unheard"), (None, session)]]

    def told():
        happened = following(watched)
        return EVENTS[get(happened, 1, 1)] + ("" if text(happened, 1, 2, 1) == session else " of another")

    for method in ["SuspendSession", "ResumeSession", "CancelSession"]:
        report(method, ack(call(method, {1: session, 2: "why"}, "ini")), ack(call(method, {1: session}, "ini")), *refusals(method))
    report("WatchSessions", sorted(at_first) == SESSIONS, told(), told(), told(), following(watch_of("WatchSessions", None)))
    watched.cancel()


def watch_of(method, sender):
    """A watch that may be refused."""
    return channel.unary_stream(SERVICE + method)(b"", **options(sender))


def listing():
    def ids(*metadata):
        pages, token = [], ""
        while True:
            page = call("ListSessions", {1: 2, 2: token}, "bob", *metadata)
            pages, token = pages + [len(texts(page, 1, 1))], text(page, 2)
            if not token:
                return pages

    refused = [call("ListSessions", {2: "stale"}, "bob"), call("ListSessions", {1: (1 << 64) - 1}, "bob"), call("ListSessions", {}, None)]
    report("ListSessions", ids(), ids(FINISHED), texts(call("ListSessions", {}, "mallory", FINISHED), 1, 1), *refused)


def signalling():
    watched = watch("WatchSignals", "mallory")
    signal = {1: "1.0", 3: "Signal", 4: "signal", 8: message({1: "news"})}
    sent = send("alice", signal)
    told = following(watched)
    report("WatchSignals", sent, text(told, 1, 4), text(told, 1, 6), text(told, 1, 8, 1), following(watch_of("WatchSignals", None)))
    watched.cancel()


def describing():
    watched = watch("WatchRoots", "bob")
    report("GetManifest", text(call("GetManifest", {}, None), 1, 1), texts(call("GetManifest", {1: "macp-runtime"}, None), 1, 4), call("GetManifest", {1: "unheard"}, None))
    report("ListRoots", call("ListRoots", {}, None))
    report("WatchRoots", get(following(watched), 1, 1) > 0, following(watch_of("WatchRoots", None)))
    watched.cancel()


def modes():
    descriptor = {1: {1: EXTENSION, 2: "1.0.0", 7: ["SessionStart", "Note", "Commitment"], 8: "Commitment"}}
    watched = watch("WatchModeRegistry", "bob")
    changes = [text(following(watched), 1, 1)]

    def refusals(method, request):
        return [call(method, request, "bob"), call(method, request, None)]

    report("RegisterExtMode", answer(call("RegisterExtMode", descriptor, "ops")), answer(call("RegisterExtMode", descriptor, "ops")),
           call("RegisterExtMode", {}, "ops"), *refusals("RegisterExtMode", descriptor))
    changes.append(text(following(watched), 1, 1))
    report("ListExtModes", texts(call("ListExtModes", {}, None), 1, 1))
    promoted = call("PromoteMode", {1: EXTENSION, 2: "ext.snake.v1"}, "ops")
    changes.append(text(following(watched), 1, 1))
    report("PromoteMode", answer(promoted), text(promoted, 3), answer(call("PromoteMode", {1: EXTENSION}, "ops")), *refusals("PromoteMode", {1: EXTENSION}))
    report("ListModes", texts(call("ListModes", {}, None), 1, 1))
    call("RegisterExtMode", descriptor, "ops")
    changes.append(text(following(watched), 1, 1))
    report("UnregisterExtMode", answer(call("UnregisterExtMode", {1: EXTENSION}, "ops")), answer(call("UnregisterExtMode", {1: EXTENSION}, "ops")),
           answer(call("UnregisterExtMode", {1: DECISION}, "ops")), *refusals("UnregisterExtMode", {1: EXTENSION}))
    changes.append(text(following(watched), 1, 1))
    report("WatchModeRegistry", changes, following(watch_of("WatchModeRegistry", None)))
    watched.cancel()


def policies():
    descriptor = {1: {1: "policy.python", 2: DECISION, 3: "d", 4: '{"voting":{"algorithm":"unanimous"}}', 5: 3}}
    watched = watch("WatchPolicies", "bob")

    def told():
        return "policy.python" in texts(following(watched), 1, 1)

    def refusals(method, request):
        return [call(method, request, "bob"), call(method, request, None)]

    changes = [told()]
    report("RegisterPolicy", answer(call("RegisterPolicy", descriptor, "ops")), "already registered" in answer(call("RegisterPolicy", descriptor, "ops")),
           "policy_id" in answer(call("RegisterPolicy", {1: {}}, "ops")), call("RegisterPolicy", {}, "ops"), *refusals("RegisterPolicy", descriptor))
    changes.append(told())
    report("GetPolicy", text(call("GetPolicy", {1: "policy.python"}, "bob"), 1, 4) == descriptor[1][4], call("GetPolicy", {1: "unheard"}, "bob"),
           call("GetPolicy", {1: "policy.python"}, None))
    report("ListPolicies", [name for name in texts(call("ListPolicies", {1: DECISION}, "bob"), 1, 1) if "std" not in name],
           texts(call("ListPolicies", {1: "ext.none.v1"}, "bob"), 1, 1), call("ListPolicies", {}, None))
    report("UnregisterPolicy", answer(call("UnregisterPolicy", {1: "policy.python"}, "ops")), "not found" in answer(call("UnregisterPolicy", {1: "policy.python"}, "ops")),
           "default" in answer(call("UnregisterPolicy", {1: "policy.default"}, "ops")), *refusals("UnregisterPolicy", {1: "policy.python"}))
    changes.append(told())
    report("WatchPolicies", changes, following(watch_of("WatchPolicies", None)))
    watched.cancel()


for part in [initialize, sending, streaming, reading, controlling, listing, signalling, describing, modes, policies]:
    part()
channel.close()
