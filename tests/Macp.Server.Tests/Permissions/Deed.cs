namespace Macp.Server.Tests;

/// <summary>One thing to ask of a method, and how the answer is had.</summary>
/// <param name="Method">The method of the service.</param>
/// <param name="What">What is asked of it, where it can be asked more than one thing.</param>
/// <param name="AnswerAsync">Asks, and tells what was answered.</param>
sealed record Deed(string Method, string What, Func<Stage, Ask, Task<string>> AnswerAsync)
{
    public string Name => What.Length > 0 ? $"`{Method}` {What}" : $"`{Method}`";

    /// <summary>Whether it is asked of a session, and so in each state.</summary>
    public bool OfSession { get; init; }

    /// <summary>Whether it may change the session, so that each asking needs one of its own.</summary>
    public bool Changes { get; init; }

    /// <summary>The policy of the sessions.</summary>
    public string Policy { get; init; } = Stage.Designating;
}

/// <summary>Who asks, and of which session; of none where the deed is not about one.</summary>
sealed record Ask(string Caller, string Session);
