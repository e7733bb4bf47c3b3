using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>The service's methods as a client that knows the published descriptor only would call them.</summary>
static class Rpc
{
    public static ServiceDescriptor Service { get; } = CoreReflection.Descriptor.Services.Single(s => s.FullName == "macp.v1.MACPRuntimeService");

    public static GrpcMethod<InitializeRequest, InitializeResponse> Initialize { get; } = Of<InitializeRequest, InitializeResponse>("Initialize");
    public static GrpcMethod<SendRequest, SendResponse> Send { get; } = Of<SendRequest, SendResponse>("Send");
    public static GrpcMethod<StreamSessionRequest, StreamSessionResponse> StreamSession { get; } = Of<StreamSessionRequest, StreamSessionResponse>("StreamSession");
    public static GrpcMethod<GetSessionRequest, GetSessionResponse> GetSession { get; } = Of<GetSessionRequest, GetSessionResponse>("GetSession");
    public static GrpcMethod<CancelSessionRequest, CancelSessionResponse> CancelSession { get; } = Of<CancelSessionRequest, CancelSessionResponse>("CancelSession");
    public static GrpcMethod<SuspendSessionRequest, SuspendSessionResponse> SuspendSession { get; } = Of<SuspendSessionRequest, SuspendSessionResponse>("SuspendSession");
    public static GrpcMethod<ResumeSessionRequest, ResumeSessionResponse> ResumeSession { get; } = Of<ResumeSessionRequest, ResumeSessionResponse>("ResumeSession");
    public static GrpcMethod<ListModesRequest, ListModesResponse> ListModes { get; } = Of<ListModesRequest, ListModesResponse>("ListModes");
    public static GrpcMethod<ListExtModesRequest, ListExtModesResponse> ListExtModes { get; } = Of<ListExtModesRequest, ListExtModesResponse>("ListExtModes");
    public static GrpcMethod<RegisterExtModeRequest, RegisterExtModeResponse> RegisterExtMode { get; } = Of<RegisterExtModeRequest, RegisterExtModeResponse>("RegisterExtMode");
    public static GrpcMethod<UnregisterExtModeRequest, UnregisterExtModeResponse> UnregisterExtMode { get; } = Of<UnregisterExtModeRequest, UnregisterExtModeResponse>("UnregisterExtMode");
    public static GrpcMethod<PromoteModeRequest, PromoteModeResponse> PromoteMode { get; } = Of<PromoteModeRequest, PromoteModeResponse>("PromoteMode");
    public static GrpcMethod<WatchModeRegistryRequest, WatchModeRegistryResponse> WatchModeRegistry { get; } = Of<WatchModeRegistryRequest, WatchModeRegistryResponse>("WatchModeRegistry");
    public static GrpcMethod<ListSessionsRequest, ListSessionsResponse> ListSessions { get; } = Of<ListSessionsRequest, ListSessionsResponse>("ListSessions");
    public static GrpcMethod<WatchSessionsRequest, WatchSessionsResponse> WatchSessions { get; } = Of<WatchSessionsRequest, WatchSessionsResponse>("WatchSessions");
    public static GrpcMethod<WatchSignalsRequest, WatchSignalsResponse> WatchSignals { get; } = Of<WatchSignalsRequest, WatchSignalsResponse>("WatchSignals");
    public static GrpcMethod<WatchPoliciesRequest, WatchPoliciesResponse> WatchPolicies { get; } = Of<WatchPoliciesRequest, WatchPoliciesResponse>("WatchPolicies");

    public static GrpcMethod<TRequest, TResponse> Of<TRequest, TResponse>(string name)
        where TRequest : class, IMessage<TRequest>, IBufferMessage, new()
        where TResponse : class, IMessage<TResponse>, IBufferMessage, new()
    {
        var method = Service.FindMethodByName(name);
        Assert.Equal(new TRequest().Descriptor, method.InputType);
        Assert.Equal(new TResponse().Descriptor, method.OutputType);
        return new(Service.FullName, name, new MessageParser<TRequest>(() => new()), new MessageParser<TResponse>(() => new()));
    }

    /// <summary>Metadata that names the caller, as development authentication reads it.</summary>
    public static GrpcCallOptions As(string? sender, params (string Name, string Value)[] metadata)
    {
        var all = new GrpcMetadata();
        if (sender is not null) all.Add("authorization", "Bearer " + sender);
        foreach (var (name, value) in metadata) all.Add(name, value);
        return new() { Metadata = all };
    }
}
