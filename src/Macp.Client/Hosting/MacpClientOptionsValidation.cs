using Microsoft.Extensions.Options;

namespace Macp.Client;

/// <summary>Validates options when a host starts, or when a client is made without one.</summary>
sealed class MacpClientOptionsValidation : IValidateOptions<MacpClientOptions>
{
    public ValidateOptionsResult Validate(string? name, MacpClientOptions options)
    {
        string client = string.IsNullOrEmpty(name) ? "The MACP client" : $"The MACP client '{name}'";
        string[] findings = [.. OptionRules.Findings(options).Select(finding => $"{client}: {finding}")];
        return findings.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(findings);
    }
}
