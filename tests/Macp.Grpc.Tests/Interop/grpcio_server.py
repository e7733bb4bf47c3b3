"""A grpcio server for the test's client. Messages are raw bytes. Prints its port; ends when its standard input does."""
import sys
from concurrent import futures

import grpc

cancelled = futures.Future()


def unary(request, context):
    if request.endswith(b"fail"):
        context.set_trailing_metadata((("x-reason", "because"), ("x-data-bin", b"\x00\xff")))
        context.abort(grpc.StatusCode.ALREADY_EXISTS, "50% \u00fcber \U0001f642")
    if request.endswith(b"wait"):
        futures.wait([futures.Future()], timeout=context.time_remaining() + 10)
    if request.endswith(b"cancelled?"):
        cancelled.result(10)
    context.send_initial_metadata((("x-text", dict(context.invocation_metadata()).get("x-text", "-")),))
    return request


def stream(request, context):
    context.add_callback(lambda: cancelled.done() or cancelled.set_result(True))
    for _ in range(1000000 if request.endswith(b"endless") else 3):
        if not context.is_active():
            return
        yield request
    if request.endswith(b"fail"):
        context.abort(grpc.StatusCode.OUT_OF_RANGE, "after three")


def duplex(requests, context):
    yield from requests


server = grpc.server(futures.ThreadPoolExecutor(8))
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("test.v1.Echo", {
    "Unary": grpc.unary_unary_rpc_method_handler(unary),
    "Responses": grpc.unary_stream_rpc_method_handler(stream),
    "Duplex": grpc.stream_stream_rpc_method_handler(duplex),
}),))
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
sys.stdin.read()
server.stop(None)
