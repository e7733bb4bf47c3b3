using System.Reflection;

namespace Macp.Client.Tests;

public class MethodTests
{
    [Fact]
    public void Every_method_has_the_name_and_the_messages_that_the_protocol_declares()
    {
        var service = CoreReflection.Descriptor.Services.Single();
        var methods = typeof(RuntimeMethods).GetFields(BindingFlags.Public | BindingFlags.Static);

        Assert.Equal("macp.v1.MACPRuntimeService", service.FullName);
        Assert.All(methods, field =>
        {
            dynamic method = field.GetValue(null)!;
            var declared = service.FindMethodByName(field.Name);
            var messages = field.FieldType.GetGenericArguments();
            Assert.Equal($"/macp.v1.MACPRuntimeService/{field.Name}", (string)method.Path);
            Assert.Equal((declared.InputType.ClrType, declared.OutputType.ClrType), (messages[0], messages[1]));
        });
    }
}
