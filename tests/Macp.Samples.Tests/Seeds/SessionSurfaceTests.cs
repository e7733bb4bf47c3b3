using System.Reflection;
using Macp.Client;
using Macp.Modes.Standard;
using Macp.Tests;

namespace Macp.Samples.Tests.Seeds;

/// <summary>The generated sessions against the tables of the page, row by row.</summary>
public class SessionSurfaceTests
{
    static readonly Assembly Modes = typeof(DecisionSession).Assembly;

    // Where .NET says it otherwise than the page: a time span has no unit in its name, and what differs for one call stands with that call.
    static readonly Dictionary<string, (Type Type, string Property)> Elsewhere = new(StringComparer.Ordinal)
    {
        ["ttlMs"] = (typeof(SessionStartOptions), nameof(SessionStartOptions.TimeToLive)),
        ["sender"] = (typeof(MacpCallOptions), nameof(MacpCallOptions.Sender)),
        ["auth"] = (typeof(MacpCallOptions), nameof(MacpCallOptions.Auth)),
    };

    [SharedFact(SessionPage.File)]
    public void Each_class_of_the_table_is_there_with_its_mode_and_its_methods_and_no_other()
    {
        Assert.Equal(5, SessionPage.Classes.Count);
        Assert.All(SessionPage.Classes, row =>
        {
            var type = Assert.Single(Modes.GetExportedTypes(), t => t.Name == row.Class);
            Assert.Equal(row.Mode, Session(type).Descriptor.Identifier);
            Assert.Equal(row.Methods.Select(Async).Order(StringComparer.Ordinal), Actions(type).Select(m => m.Name).Order(StringComparer.Ordinal));
        });
    }

    [SharedFact(SessionPage.File)]
    public void Every_method_takes_a_sender_and_a_credential_for_this_call_and_its_token_last() => Assert.All(SessionPage.Classes.SelectMany(row => Actions(Modes.GetExportedTypes().Single(t => t.Name == row.Class))), method =>
    {
        var last = method.GetParameters()[^2..];
        Assert.Equal([typeof(MacpCallOptions), typeof(CancellationToken)], last.Select(p => p.ParameterType));
        Assert.All(last, parameter => Assert.True(parameter.IsOptional));
        Assert.Equal(typeof(Task<MacpAck>), method.ReturnType);
    });

    [SharedFact(SessionPage.File)]
    public void Every_class_has_the_properties_of_the_page_and_is_made_of_a_client_and_options()
    {
        Assert.Contains("projection", SessionPage.Properties);
        Assert.All(SessionPage.Classes.Select(row => Modes.GetExportedTypes().Single(t => t.Name == row.Class)), type =>
        {
            Assert.All(SessionPage.Properties, property => Assert.NotNull(type.GetProperty(Pascal(property))));
            Assert.Equal($"{type.Name[..^7]}Projection", type.GetProperty("Projection")!.PropertyType.Name);
            var constructor = Assert.Single(type.GetConstructors()).GetParameters();
            Assert.Equal([typeof(MacpClient), typeof(SessionOptions)], constructor.Select(p => p.ParameterType));
            Assert.True(constructor[1].IsOptional);
        });
    }

    [SharedFact(SessionPage.File)]
    public void The_options_have_the_defaults_of_the_page()
    {
        using var handler = new SocketsHttpHandler();
        var client = new MacpClient(new() { Endpoint = new("http://localhost:1"), AllowInsecure = true, Auth = MacpAuth.DevAgent("alice"), HttpMessageHandler = handler });
        var session = new DecisionSession(client);
        var fields = SessionPage.Fields("interface SessionOptions {");

        Assert.Equal(["sessionId", "modeVersion", "configurationVersion", "policyVersion", "auth"], fields.Select(f => f.Name));
        Assert.All(fields, field =>
        {
            Assert.True(field.IsOptional);
            Assert.NotNull(typeof(SessionOptions).GetProperty(Pascal(field.Name)));
            object? value = typeof(DecisionSession).GetProperty(Pascal(field.Name))!.GetValue(session);
            if (field.Default.StartsWith('\'')) Assert.Equal(field.Default.Trim('\''), value);
        });
        Assert.Equal('4', Assert.IsType<string>(session.SessionId)[14]);
        Assert.NotEqual(session.SessionId, new DecisionSession(client).SessionId);
        Assert.Same(client.Auth, session.Auth);
    }

    [SharedFact(SessionPage.File)]
    public void A_start_takes_the_fields_of_the_page() => Takes(typeof(SessionStartOptions), SessionPage.Fields("Common start() Input\n{"), "StartAsync");

    [SharedFact(SessionPage.File)]
    public void A_commitment_takes_the_fields_of_the_page() => Takes(typeof(CommitOptions), SessionPage.Fields("Common commit() Input\n{"), "CommitAsync");

    static void Takes(Type options, IReadOnlyList<(string Name, bool IsOptional, string Default)> fields, string method)
    {
        Assert.NotEmpty(fields);
        Assert.All(fields, field =>
        {
            var (type, name) = Elsewhere.GetValueOrDefault(field.Name, (options, Pascal(field.Name)));
            var property = type.GetProperty(name);
            Assert.NotNull(property);
            Assert.Equal(field.IsOptional, !property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)));
        });
        Assert.Equal([options, typeof(MacpCallOptions), typeof(CancellationToken)], typeof(DecisionSession).GetMethod(method)!.GetParameters().Select(p => p.ParameterType));
    }

    static IEnumerable<MethodInfo> Actions(Type session) => session.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);

    static dynamic Session(Type type) => Activator.CreateInstance(type, new MacpClient(new() { Endpoint = new("https://localhost:1") }), null)!;

    static string Async(string method) => $"{Pascal(method)}Async";

    static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
