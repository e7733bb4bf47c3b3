using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>The methods of <c>macp.v1.MACPRuntimeService</c> that the client calls, named by the service's descriptor.</summary>
static class RuntimeMethods
{
    static readonly ServiceDescriptor Service = CoreReflection.Descriptor.Services[0];

    public static readonly GrpcMethod<InitializeRequest, InitializeResponse> Initialize = Of("Initialize", InitializeRequest.Parser, InitializeResponse.Parser);
    public static readonly GrpcMethod<SendRequest, SendResponse> Send = Of("Send", SendRequest.Parser, SendResponse.Parser);
    public static readonly GrpcMethod<StreamSessionRequest, StreamSessionResponse> StreamSession = Of("StreamSession", StreamSessionRequest.Parser, StreamSessionResponse.Parser);
    public static readonly GrpcMethod<GetSessionRequest, GetSessionResponse> GetSession = Of("GetSession", GetSessionRequest.Parser, GetSessionResponse.Parser);
    public static readonly GrpcMethod<CancelSessionRequest, CancelSessionResponse> CancelSession = Of("CancelSession", CancelSessionRequest.Parser, CancelSessionResponse.Parser);
    public static readonly GrpcMethod<SuspendSessionRequest, SuspendSessionResponse> SuspendSession = Of("SuspendSession", SuspendSessionRequest.Parser, SuspendSessionResponse.Parser);
    public static readonly GrpcMethod<ResumeSessionRequest, ResumeSessionResponse> ResumeSession = Of("ResumeSession", ResumeSessionRequest.Parser, ResumeSessionResponse.Parser);
    public static readonly GrpcMethod<GetManifestRequest, GetManifestResponse> GetManifest = Of("GetManifest", GetManifestRequest.Parser, GetManifestResponse.Parser);
    public static readonly GrpcMethod<ListModesRequest, ListModesResponse> ListModes = Of("ListModes", ListModesRequest.Parser, ListModesResponse.Parser);
    public static readonly GrpcMethod<ListExtModesRequest, ListExtModesResponse> ListExtModes = Of("ListExtModes", ListExtModesRequest.Parser, ListExtModesResponse.Parser);
    public static readonly GrpcMethod<RegisterExtModeRequest, RegisterExtModeResponse> RegisterExtMode = Of("RegisterExtMode", RegisterExtModeRequest.Parser, RegisterExtModeResponse.Parser);
    public static readonly GrpcMethod<UnregisterExtModeRequest, UnregisterExtModeResponse> UnregisterExtMode = Of("UnregisterExtMode", UnregisterExtModeRequest.Parser, UnregisterExtModeResponse.Parser);
    public static readonly GrpcMethod<PromoteModeRequest, PromoteModeResponse> PromoteMode = Of("PromoteMode", PromoteModeRequest.Parser, PromoteModeResponse.Parser);
    public static readonly GrpcMethod<WatchModeRegistryRequest, WatchModeRegistryResponse> WatchModeRegistry = Of("WatchModeRegistry", WatchModeRegistryRequest.Parser, WatchModeRegistryResponse.Parser);
    public static readonly GrpcMethod<ListRootsRequest, ListRootsResponse> ListRoots = Of("ListRoots", ListRootsRequest.Parser, ListRootsResponse.Parser);
    public static readonly GrpcMethod<WatchRootsRequest, WatchRootsResponse> WatchRoots = Of("WatchRoots", WatchRootsRequest.Parser, WatchRootsResponse.Parser);
    public static readonly GrpcMethod<ListSessionsRequest, ListSessionsResponse> ListSessions = Of("ListSessions", ListSessionsRequest.Parser, ListSessionsResponse.Parser);
    public static readonly GrpcMethod<WatchSessionsRequest, WatchSessionsResponse> WatchSessions = Of("WatchSessions", WatchSessionsRequest.Parser, WatchSessionsResponse.Parser);
    public static readonly GrpcMethod<WatchSignalsRequest, WatchSignalsResponse> WatchSignals = Of("WatchSignals", WatchSignalsRequest.Parser, WatchSignalsResponse.Parser);
    public static readonly GrpcMethod<RegisterPolicyRequest, RegisterPolicyResponse> RegisterPolicy = Of("RegisterPolicy", RegisterPolicyRequest.Parser, RegisterPolicyResponse.Parser);
    public static readonly GrpcMethod<UnregisterPolicyRequest, UnregisterPolicyResponse> UnregisterPolicy = Of("UnregisterPolicy", UnregisterPolicyRequest.Parser, UnregisterPolicyResponse.Parser);
    public static readonly GrpcMethod<GetPolicyRequest, GetPolicyResponse> GetPolicy = Of("GetPolicy", GetPolicyRequest.Parser, GetPolicyResponse.Parser);
    public static readonly GrpcMethod<ListPoliciesRequest, ListPoliciesResponse> ListPolicies = Of("ListPolicies", ListPoliciesRequest.Parser, ListPoliciesResponse.Parser);
    public static readonly GrpcMethod<WatchPoliciesRequest, WatchPoliciesResponse> WatchPolicies = Of("WatchPolicies", WatchPoliciesRequest.Parser, WatchPoliciesResponse.Parser);

    static GrpcMethod<TRequest, TResponse> Of<TRequest, TResponse>(string name, MessageParser<TRequest> request, MessageParser<TResponse> response)
        where TRequest : class, IMessage<TRequest>, IBufferMessage
        where TResponse : class, IMessage<TResponse>, IBufferMessage =>
        new(Service.FullName, Service.FindMethodByName(name).Name, request, response);
}
