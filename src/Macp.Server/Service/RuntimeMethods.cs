using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Grpc;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Server.Service;

/// <summary>The methods of <c>macp.v1.MACPRuntimeService</c> that this server answers. Names come from the service's descriptor.</summary>
static class RuntimeMethods
{
    static readonly ServiceDescriptor Service = CoreReflection.Descriptor.Services[0];

    public static string ServiceName => Service.FullName;

    public static readonly GrpcMethod<InitializeRequest, InitializeResponse> Initialize = Method<InitializeRequest, InitializeResponse>("Initialize");
    public static readonly GrpcMethod<SendRequest, SendResponse> Send = Method<SendRequest, SendResponse>("Send");
    public static readonly GrpcMethod<StreamSessionRequest, StreamSessionResponse> StreamSession = Method<StreamSessionRequest, StreamSessionResponse>("StreamSession");
    public static readonly GrpcMethod<GetSessionRequest, GetSessionResponse> GetSession = Method<GetSessionRequest, GetSessionResponse>("GetSession");
    public static readonly GrpcMethod<CancelSessionRequest, CancelSessionResponse> CancelSession = Method<CancelSessionRequest, CancelSessionResponse>("CancelSession");
    public static readonly GrpcMethod<SuspendSessionRequest, SuspendSessionResponse> SuspendSession = Method<SuspendSessionRequest, SuspendSessionResponse>("SuspendSession");
    public static readonly GrpcMethod<ResumeSessionRequest, ResumeSessionResponse> ResumeSession = Method<ResumeSessionRequest, ResumeSessionResponse>("ResumeSession");
    public static readonly GrpcMethod<GetManifestRequest, GetManifestResponse> GetManifest = Method<GetManifestRequest, GetManifestResponse>("GetManifest");
    public static readonly GrpcMethod<ListModesRequest, ListModesResponse> ListModes = Method<ListModesRequest, ListModesResponse>("ListModes");
    public static readonly GrpcMethod<ListExtModesRequest, ListExtModesResponse> ListExtModes = Method<ListExtModesRequest, ListExtModesResponse>("ListExtModes");
    public static readonly GrpcMethod<RegisterExtModeRequest, RegisterExtModeResponse> RegisterExtMode = Method<RegisterExtModeRequest, RegisterExtModeResponse>("RegisterExtMode");
    public static readonly GrpcMethod<UnregisterExtModeRequest, UnregisterExtModeResponse> UnregisterExtMode = Method<UnregisterExtModeRequest, UnregisterExtModeResponse>("UnregisterExtMode");
    public static readonly GrpcMethod<PromoteModeRequest, PromoteModeResponse> PromoteMode = Method<PromoteModeRequest, PromoteModeResponse>("PromoteMode");
    public static readonly GrpcMethod<WatchModeRegistryRequest, WatchModeRegistryResponse> WatchModeRegistry = Method<WatchModeRegistryRequest, WatchModeRegistryResponse>("WatchModeRegistry");
    public static readonly GrpcMethod<ListSessionsRequest, ListSessionsResponse> ListSessions = Method<ListSessionsRequest, ListSessionsResponse>("ListSessions");
    public static readonly GrpcMethod<WatchSessionsRequest, WatchSessionsResponse> WatchSessions = Method<WatchSessionsRequest, WatchSessionsResponse>("WatchSessions");
    public static readonly GrpcMethod<WatchSignalsRequest, WatchSignalsResponse> WatchSignals = Method<WatchSignalsRequest, WatchSignalsResponse>("WatchSignals");
    public static readonly GrpcMethod<ListRootsRequest, ListRootsResponse> ListRoots = Method<ListRootsRequest, ListRootsResponse>("ListRoots");
    public static readonly GrpcMethod<WatchRootsRequest, WatchRootsResponse> WatchRoots = Method<WatchRootsRequest, WatchRootsResponse>("WatchRoots");
    public static readonly GrpcMethod<RegisterPolicyRequest, RegisterPolicyResponse> RegisterPolicy = Method<RegisterPolicyRequest, RegisterPolicyResponse>("RegisterPolicy");
    public static readonly GrpcMethod<UnregisterPolicyRequest, UnregisterPolicyResponse> UnregisterPolicy = Method<UnregisterPolicyRequest, UnregisterPolicyResponse>("UnregisterPolicy");
    public static readonly GrpcMethod<GetPolicyRequest, GetPolicyResponse> GetPolicy = Method<GetPolicyRequest, GetPolicyResponse>("GetPolicy");
    public static readonly GrpcMethod<ListPoliciesRequest, ListPoliciesResponse> ListPolicies = Method<ListPoliciesRequest, ListPoliciesResponse>("ListPolicies");
    public static readonly GrpcMethod<WatchPoliciesRequest, WatchPoliciesResponse> WatchPolicies = Method<WatchPoliciesRequest, WatchPoliciesResponse>("WatchPolicies");

    static GrpcMethod<TRequest, TResponse> Method<TRequest, TResponse>(string name)
        where TRequest : class, IMessage<TRequest>, IBufferMessage, new()
        where TResponse : class, IMessage<TResponse>, IBufferMessage, new()
    {
        var method = Service.FindMethodByName(name);
        var shape = WireShape.Of(method.InputType);
        return new(Service.FullName, method.Name, new MessageParser<TRequest>(static () => new()), new MessageParser<TResponse>(static () => new()))
        {
            RequestCheck = bytes => Check(shape, bytes),
        };
    }

    /// <summary>
    /// Text that is not UTF-8 below the service is the stack's failure, as a message that does not parse is (decisions 8). So are bytes of which
    /// only the parser can make sense: text might hide in them.
    /// </summary>
    static GrpcStatus? Check(WireShape shape, ReadOnlySequence<byte> bytes)
    {
        var fault = bytes.IsSingleSegment ? shape.Check(bytes.FirstSpan) : CheckSegments(shape, bytes);
        return fault switch
        {
            WireFault.None => null,
            WireFault.InvalidUtf8 => new(GrpcStatusCode.Internal, "The request has text that is not valid UTF-8."),
            _ => new(GrpcStatusCode.Internal, "The request is not of the method's type."),
        };
    }

    static WireFault CheckSegments(WireShape shape, ReadOnlySequence<byte> bytes)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent((int)bytes.Length);
        try
        {
            bytes.CopyTo(rented);
            return shape.Check(rented.AsSpan(0, (int)bytes.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
